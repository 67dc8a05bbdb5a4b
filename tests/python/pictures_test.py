#!/usr/bin/env python3
"""Decoded, scaled and cut pictures against PIL's and torchvision's.

TANDEM_DUMP_PICTURES in the environment is the path of the program dump_pictures.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np
from PIL import Image, ImageOps
from torchvision.transforms import CenterCrop, Compose, Resize

from tandem_targets.safetensors import map_safetensors

DUMP_PICTURES = os.environ.get("TANDEM_DUMP_PICTURES")
if DUMP_PICTURES is None:
    sys.exit("TANDEM_DUMP_PICTURES: expected the path of the program dump_pictures, found nothing")

SIDE = 24
#: Below 4 x SIDE no JPEG is decoded at a reduced scale. (width, height)
SMALL_SIZES = ((24, 24), (31, 57), (95, 40), (10, 13), (24, 90), (93, 94), (7, 300), (301, 25))
EXIF_ORIENTATION = 0x0112


def random_picture(size, seed):
    """Smooth colours under noise, so that both edges and gradients are there."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 256, (5, 5, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize(size, Image.BICUBIC), dtype=np.int16)
    noise = random.integers(-60, 61, smooth.shape, dtype=np.int16)
    return Image.fromarray(np.clip(smooth + noise, 0, 255).astype(np.uint8))


def by_torchvision(path):
    transform = Compose([Resize(SIDE), CenterCrop(SIDE)])
    with Image.open(path) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    return np.asarray(transform(upright)).transpose(2, 0, 1).astype(np.int16)


class PicturesAgainstPil(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.train = self.folder / "pictures" / "train"
        for name in ("a", "b"):
            (self.train / name).mkdir(parents=True)
        random_picture((9, 9), 0).save(self.train / "b" / "only.png")

    def images(self):
        """By file name, as they stand in the cache."""
        done = subprocess.run(
            [DUMP_PICTURES, self.folder / "cache", self.folder / "pictures", str(SIDE)],
            check=True, capture_output=True, text=True)
        tensors = map_safetensors(pathlib.Path(done.stdout.strip())).tensors
        names = bytes(tensors["files"]).split(b"\0")[:-1]
        self.assertEqual(len(names), len(tensors["images"]))
        return {pathlib.Path(name.decode()).name: image.astype(np.int16)
                for name, image in zip(names, tensors["images"])}

    def differences(self):
        return {name: np.abs(image - by_torchvision(self.train / "a" / name))
                for name, image in self.images().items() if name != "only.png"}

    def test_pngs_of_any_kind_are_equal(self):
        for k, size in enumerate(SMALL_SIZES + ((200, 333), (512, 400))):
            random_picture(size, k).save(self.train / "a" / f"{k}.png")
        picture = random_picture((61, 40), 99)
        for mode in ("L", "P", "1", "LA", "RGBA"):
            picture.convert(mode).save(self.train / "a" / f"{mode}.png")
        for name, difference in self.differences().items():
            with self.subTest(name=name):
                self.assertEqual(difference.max(), 0)

    def test_jpegs_at_full_scale_are_equal(self):
        for k, size in enumerate(SMALL_SIZES):
            exif = Image.Exif()
            exif[EXIF_ORIENTATION] = k + 1
            random_picture(size, k).save(
                self.train / "a" / f"{k}.jpg", quality=(75, 95)[k % 2], subsampling=k % 3,
                progressive=k % 2 == 1, exif=exif)
        random_picture((50, 40), 7).convert("L").save(self.train / "a" / "grey.jpg")
        for name, difference in self.differences().items():
            with self.subTest(name=name):
                self.assertEqual(difference.max(), 0)

    def test_cmyk_jpegs_are_within_one_step(self):
        """PIL rounds each of the two factors of ink and black, Tandem their product."""
        random_picture((50, 40), 8).convert("CMYK").save(self.train / "a" / "cmyk.jpg", quality=95)
        self.assertLessEqual(self.differences()["cmyk.jpg"].max(), 1)

    def test_jpegs_at_reduced_scale_are_close(self):
        """Photographs, which is what large JPEGs are, have less noise than these."""
        for k, size in enumerate(((100, 96), (200, 400), (500, 375), (900, 1400))):
            random_picture(size, k).save(self.train / "a" / f"{k}.jpg", quality=90)
        for name, difference in self.differences().items():
            with self.subTest(name=name):
                self.assertLess(difference.mean(), 1.25)
                self.assertLessEqual(difference.max(), 8)


if __name__ == "__main__":
    unittest.main()
