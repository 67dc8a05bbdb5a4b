#!/usr/bin/env python3
"""Views, orders, normalisation and refusals against the C++ ones, bit for bit.

TANDEM_DUMP_VIEWS in the environment is the path of the program dump_views.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

from tandem_targets.keys import Stream, permutation
from tandem_targets.operations import NO_OPERATION
from tandem_targets.pixels import apply_views, channel_statistics, normalise
from tandem_targets.safetensors import map_safetensors
from tandem_targets.views import ViewPolicy

DUMP_VIEWS = os.environ.get("TANDEM_DUMP_VIEWS")
if DUMP_VIEWS is None:
    sys.exit("TANDEM_DUMP_VIEWS: expected the path of the program dump_views, found nothing")

SEED = 0x0123456789ABCDEF
EPOCHS = (0, 1, 7, 2**31, 2**32 - 1)
CASES = (
    ("none", (1, 28, 28)),
    ("pad-crop:2,flip", (1, 28, 28)),
    ("flip,pad-crop:4", (3, 32, 32)),
    ("pad-crop:40", (3, 17, 30)),
    ("resized-crop,flip", (3, 32, 32)),
    ("resized-crop:0.5-1", (1, 28, 28)),
    ("resized-crop:0.3-0.31,flip", (3, 23, 37)),
    ("resized-crop:0.9-1", (2, 40, 9)),  # most draws end in the central box
    ("resized-crop:0.9-1,flip", (1, 9, 40)),
    ("resized-crop:1-1", (1, 5, 5)),
    ("pad-crop:2,flip,mixup:0.2", (1, 28, 28)),
    ("resized-crop,flip,cutmix:1", (3, 32, 24)),
    ("flip,mixup,cutmix:0.5", (3, 9, 8)),
    ("cutmix:4", (1, 1, 1)),
    ("pad-crop:4:reflect,flip:alternate", (3, 32, 32)),
    ("flip:alternate,pad-crop:9:reflect", (2, 5, 5)),
    ("pad-crop:3:reflect", (1, 1, 1)),
    ("pad-crop:4:reflect,flip,randaugment,cutout:8", (3, 32, 32)),
    ("resized-crop,flip,color-jitter:0.4-0.4-0.4-0.1,grayscale:0.2,blur", (3, 32, 32)),
    ("flip,trivialaugment,erasing:0.25,mixup,cutmix", (3, 32, 32)),
    ("autoaugment,cutout:16", (3, 32, 32)),
    ("cutout:3,blur:0.5-64,affine:30-0.2,rotate:5,grayscale:0.5", (3, 23, 37)),
    ("grayscale:1,color-jitter:1-1-1-0.5", (3, 6, 6)),
)
OPERATIONS = (
    "affine:10,color-jitter:4-4-4-0.5",
    "rotate:180,blur:1e-5-3,erasing:0.9",
    "color-jitter:0-0-0-0.5,affine:0-0.5-0.5-45",
    "color-jitter:0.3,grayscale:0.5,blur,randaugment:3-13,mixup",
    "randaugment:8-30",
    "autoaugment",
    "trivialaugment,cutout:7",
)
SHAPES = ((3, 32, 32), (1, 28, 28), (3, 23, 37), (2, 5, 5), (3, 2, 3), (1, 1, 1), (3, 61, 64))
POLICIES = (
    "none",
    " flip:alternate , resized-crop ",
    "pad-crop:4:reflect",
    "rotate:7.50",
    "affine:1-.5",
    "color-jitter:0.4",
    "color-jitter:1e-2-2-3-0.5",
    "grayscale:1",
    "blur",
    "blur:1e-5-2.",
    "cutout:8.0",
    "erasing",
    "randaugment",
    "randaugment:3-7,autoaugment,trivialaugment,mixup,cutmix:0.25",
    "sharpen",
    "flip,",
    "flip:",
    "flip:often",
    "pad-crop",
    "pad-crop:2.5",
    "pad-crop:-1",
    "pad-crop:4097",
    "pad-crop:4:black",
    "pad-crop:4:reflect:",
    "resized-crop:0.5",
    "resized-crop:0.5-0.25",
    "resized-crop:0--1",
    "rotate",
    "rotate:0",
    "rotate:181",
    "rotate:1-2",
    "rotate:nan",
    "affine",
    "affine:1-2",
    "affine:1-1-0.95",
    "affine:1-1-0-81",
    "affine:1-1-0-1-1",
    "affine:1-",
    "color-jitter:0",
    "color-jitter:0-0-0-0.6",
    "color-jitter:5",
    "color-jitter:-1",
    "grayscale",
    "grayscale:0",
    "grayscale:1.5",
    "blur:0-1",
    "blur:1",
    "blur:1-65",
    "cutout",
    "cutout:0",
    "cutout:1.5",
    "cutout:4097",
    "erasing:0",
    "erasing:1e999",
    "randaugment:2",
    "randaugment:0-9",
    "randaugment:9-9",
    "randaugment:2-31",
    "randaugment:1.5-3",
    "autoaugment:1",
    "trivialaugment:wide",
    "flip,flip:alternate",
    "pad-crop:1,resized-crop:0.5-1",
    "cutout:1,erasing,cutout:2",
    "rotate:5,affine:1,rotate:5",
    "blur,flip",
    "flip,blur,pad-crop:2",
    "mixup,flip",
    "mixup:1,mixup:2",
    "mixup:",
    "mixup:x",
    "mixup:nan",
    "cutmix:-1",
    "cutmix:5",
)
SAMPLES = 200


class AgainstCpp(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def dump(self, policies, shape, seed=SEED, samples=SAMPLES, epochs=EPOCHS):
        """One dump a policy, from one process: it takes half a second to start."""
        path = pathlib.Path(self.folder.name) / "views"
        words = [DUMP_VIEWS, path, ";".join(policies), seed, *shape, samples, *epochs]
        subprocess.run([str(word) for word in words], check=True)
        return [map_safetensors(f"{path}.{k}").tensors for k in range(len(policies))]

    def check_views(self, policy, shape, dump):
        samples = dump["samples"]
        count = len(samples)
        self.assertEqual(samples.shape, (count, *shape))
        indices = np.arange(count)
        for row, epoch in enumerate(dump["epochs"].tolist()):
            views = ViewPolicy.parse(policy).draw(SEED, epoch, indices, shape, count)
            np.testing.assert_array_equal(views.boxes, dump["boxes"][row])
            np.testing.assert_array_equal(views.flips, dump["flips"][row])
            np.testing.assert_array_equal(views.reflect, dump["reflected"][row])
            self.check_operations(views.operations, dump["operations"][row])
            pixels = apply_views(samples, indices, views)
            np.testing.assert_array_equal(pixels, dump["pixels"][row])

    def check_operations(self, found, expected):
        """`expected` may have more places, which other epochs need."""
        if found is None:
            self.assertEqual(expected.size, 0)
            return
        places = found.shape[1]
        np.testing.assert_array_equal(found, expected[:, :places])
        self.assertTrue((expected[:, places:] == NO_OPERATION).all())

    def test_parameters_and_pixels_of_thousands_of_views_are_equal(self):
        for shape in {shape: None for _, shape in CASES}:
            policies = [policy for policy, its_shape in CASES if its_shape == shape]
            for policy, dump in zip(policies, self.dump(policies, shape)):
                with self.subTest(policy=policy, shape=shape):
                    self.check_views(policy, shape, dump)

    def test_operations_and_their_pixels_are_equal_on_images_of_every_size(self):
        for shape in SHAPES:
            dumps = self.dump(OPERATIONS, shape, samples=80, epochs=(0, 5, 2**31))
            for policy, dump in zip(OPERATIONS, dumps):
                with self.subTest(policy=policy, shape=shape):
                    self.check_views(policy, shape, dump)

    def test_policies_are_written_and_refused_in_the_same_words(self):
        lines = subprocess.run(
            [DUMP_VIEWS, "parse", *POLICIES], check=True, capture_output=True, text=True
        ).stdout.splitlines()
        self.assertEqual(len(lines), len(POLICIES))
        for policy, line in zip(POLICIES, lines):
            with self.subTest(policy=policy):
                try:
                    found = str(ViewPolicy.parse(policy))
                except ValueError as error:
                    found = f"refused: {error}"
                self.assertEqual(found, line)

    def test_views_of_another_seed_differ(self):
        dump = self.dump(["pad-crop:2,flip"], (1, 8, 8), seed=SEED + 2**40)[0]
        views = ViewPolicy.parse("pad-crop:2,flip").draw(SEED, 0, np.arange(SAMPLES), (1, 8, 8))
        self.assertGreater((views.boxes != dump["boxes"][0]).any(axis=1).sum(), SAMPLES // 2)

    def test_orders_and_normalised_pixels_are_equal(self):
        dump = self.dump(["pad-crop:2"], (3, 12, 15))[0]
        for row, epoch in enumerate(dump["epochs"].tolist()):
            order = permutation(SAMPLES, SEED, Stream.ORDER, epoch)
            np.testing.assert_array_equal(order, dump["orders"][row])
        mean, stddev = channel_statistics(dump["samples"])
        self.assertEqual(mean, dump["mean"].tolist())
        self.assertEqual(stddev, dump["stddev"].tolist())
        normalised = normalise(dump["pixels"][0], mean, stddev)
        np.testing.assert_array_equal(normalised, dump["normalised"])


if __name__ == "__main__":
    unittest.main()
