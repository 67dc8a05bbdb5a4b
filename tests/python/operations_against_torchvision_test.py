#!/usr/bin/env python3
"""Operations on pixels against torchvision's, for equal parameters, in steps of 8-bit pixels.

Prints a table, that of docs/samples.md: the greatest difference and the share of pixels that differ,
from torchvision on PIL images and on uint8 tensors. TANDEM_DUMP_OPERATIONS in the environment is the
path of the program dump_operations.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import torch
from PIL import Image
from torchvision.transforms import functional as F

sys.path.append(str(pathlib.Path(__file__).parents[1] / "reference"))
import plain_safetensors  # noqa: E402

DUMP_OPERATIONS = os.environ.get("TANDEM_DUMP_OPERATIONS")
if DUMP_OPERATIONS is None:
    sys.exit("TANDEM_DUMP_OPERATIONS: expected the path of the program dump_operations")

COUNT, SIDE = 32, 32


def affine(image, degrees, dx, dy, scale, shear_x, shear_y):
    return F.affine(image, degrees, [int(dx), int(dy)], scale, [shear_x, shear_y])


def shear(image, x, y):
    return F.affine(image, 0.0, [0, 0], 1.0, [x, y], center=[0, 0])


def blur(image, radius, sigma):
    return F.gaussian_blur(image, 2 * int(radius) + 1, sigma)


def erase(image, left, top, width, height):
    box = [int(value) for value in (top, left, height, width)]
    return F.erase(image, *box, torch.zeros(1, dtype=torch.uint8))


# Operation: torchvision's function, parameters that say a random number each (low, high), and the
# greatest differences there may be from PIL images and from tensors (None: not to be compared).
# Where both differ from each other, ours keeps to PIL's, which most users train with.
CASES = {
    "rotate": (F.rotate, [(-180, 180)], 0, None),
    "affine": (affine, [(-45, 45), (-9, 9), (-9, 9), (0.7, 1.4), (-20, 20), (-20, 20)], 0, None),
    "shear": (shear, [(-17, 17), (0, 0)], 0, None),
    "brightness": (F.adjust_brightness, [(0, 2)], 1, 1),
    "contrast": (F.adjust_contrast, [(0, 2)], 1, 2),
    "saturation": (F.adjust_saturation, [(0, 2)], 1, 2),
    "hue": (F.adjust_hue, [(-0.5, 0.5)], None, 1),
    "grayscale": (lambda image: F.rgb_to_grayscale(image, 3), [], 0, 1),
    "blur": (blur, [(1, 3), (0.1, 2)], 1, 1),
    "sharpness": (F.adjust_sharpness, [(0, 2)], 1, 1),
    "posterize": (lambda image, bits: F.posterize(image, int(bits)), [(1, 8)], 0, 0),
    "solarize": (F.solarize, [(0, 256)], 0, 0),
    "autocontrast": (F.autocontrast, [], 1, 1),
    "equalize": (F.equalize, [], 0, 0),
    "invert": (F.invert, [], 0, 0),
    "erase": (erase, [(0, 16), (0, 16), (1, 16), (1, 16)], None, 0),
}
WHOLE = {"posterize", "solarize", "erase"}


def pictures(channels):
    """Soft colours with some noise, some with few values, one of a single colour."""
    noise = np.random.default_rng(7)
    images = []
    for k in range(COUNT):
        coarse = noise.integers(0, 256, (5, 5, channels), np.uint8)
        planes = [Image.fromarray(coarse[..., c]).resize((SIDE, SIDE), 3) for c in range(channels)]
        image = np.stack([np.asarray(plane, np.int64) for plane in planes])
        image += noise.integers(-12, 13, image.shape)
        if k % 8 == 3:
            image = image // 40 * 40
        if k % 8 == 5:
            image = 90 + image // 8
        images.append(np.clip(image, 0, 255).astype(np.uint8))
    images[-1][:] = 77
    return np.stack(images)


def through_pil(function, image, parameters):
    array = image[0] if len(image) == 1 else image.transpose(1, 2, 0)
    result = np.asarray(function(Image.fromarray(array), *parameters))
    return result[None] if result.ndim == 2 else result.transpose(2, 0, 1)


def through_tensor(function, image, parameters):
    return function(torch.from_numpy(image), *parameters).numpy()


def drawn(name, ranges, noise):
    """Parameters of one case: whole numbers, or multiples of 2^-10, which both sides hold."""
    if name == "blur":
        return [int(noise.integers(1, 4)), round(float(noise.uniform(0.1, 2)) * 1024) / 1024]
    if name == "affine":
        degrees, dx, dy, *rest = (float(noise.uniform(low, high)) for low, high in ranges)
        return [degrees, int(dx), int(dy), *rest]
    if name in WHOLE:
        return [int(noise.integers(low, high + 1)) for low, high in ranges]
    return [round(float(noise.uniform(low, high)) * 1024) / 1024 for low, high in ranges]


class AgainstTorchvision(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def dump(self, images, specs):
        source, output = self.folder / "images", self.folder / "output"
        plain_safetensors.write(source, {"images": torch.from_numpy(images)})
        subprocess.run([DUMP_OPERATIONS, source, output, *specs], check=True)
        return {name: values.numpy() for name, values in plain_safetensors.read(output).items()}

    def compare(self, channels, names):
        noise = np.random.default_rng(5)
        images = pictures(channels)
        plan = {}
        for name in names:
            for _ in range(6 if CASES[name][1] else 1):
                parameters = drawn(name, CASES[name][1], noise)
                plan[":".join([name, *(repr(value) for value in parameters)])] = parameters
        ours = self.dump(images, plan)
        print(f"\n{channels} channel(s)".ljust(18), "PIL: most, share     tensor: most, share")
        for name in names:
            function, _, *allowed = CASES[name]
            line = f"{name:<16}"
            for way, limit in zip((through_pil, through_tensor), allowed):
                if way is through_pil and name == "erase":
                    line += f"{'-':>14}"
                    continue
                most, differing, total = 0, 0, 0
                for spec, parameters in plan.items():
                    if spec.split(":")[0] != name:
                        continue
                    for image, result in zip(images, ours[spec]):
                        expected = way(function, image, parameters).astype(np.int64)
                        difference = np.abs(expected - result)
                        most = max(most, int(difference.max()))
                        differing += int((difference > 0).sum())
                        total += difference.size
                line += f"{most:>8} {100 * differing / total:>7.2f} %   "
                if limit is not None:
                    with self.subTest(operation=name, way=way.__name__):
                        self.assertLessEqual(most, limit)
            print(line)

    def test_of_colour_images_every_operation_agrees(self):
        self.compare(3, list(CASES))

    def test_of_grey_images_every_operation_agrees(self):
        # torchvision 0.14 does not take one channel's hue from PIL, nor makes three greys of it here
        self.compare(1, [name for name in CASES if name not in ("hue", "grayscale")])


if __name__ == "__main__":
    unittest.main()
