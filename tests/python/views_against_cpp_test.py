#!/usr/bin/env python3
"""Views, orders and normalisation against the C++ ones, bit for bit.

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
)
SAMPLES = 200


class AgainstCpp(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def dump(self, policy, shape, seed=SEED):
        path = pathlib.Path(self.folder.name) / "views.safetensors"
        words = [DUMP_VIEWS, path, policy, seed, *shape, SAMPLES, *EPOCHS]
        subprocess.run([str(word) for word in words], check=True)
        return map_safetensors(path).tensors

    def test_parameters_and_pixels_of_thousands_of_views_are_equal(self):
        for policy, shape in CASES:
            with self.subTest(policy=policy, shape=shape):
                dump = self.dump(policy, shape)
                samples, indices = dump["samples"], np.arange(SAMPLES)
                self.assertEqual(samples.shape, (SAMPLES, *shape))
                for row, epoch in enumerate(dump["epochs"].tolist()):
                    views = ViewPolicy.parse(policy).draw(SEED, epoch, indices, shape, SAMPLES)
                    np.testing.assert_array_equal(views.boxes, dump["boxes"][row])
                    np.testing.assert_array_equal(views.flips, dump["flips"][row])
                    pixels = apply_views(samples, indices, views)
                    np.testing.assert_array_equal(pixels, dump["pixels"][row])

    def test_views_of_another_seed_differ(self):
        dump = self.dump("pad-crop:2,flip", (1, 8, 8), seed=SEED + 2**40)
        views = ViewPolicy.parse("pad-crop:2,flip").draw(SEED, 0, np.arange(SAMPLES), (1, 8, 8))
        self.assertGreater((views.boxes != dump["boxes"][0]).any(axis=1).sum(), SAMPLES // 2)

    def test_orders_and_normalised_pixels_are_equal(self):
        dump = self.dump("pad-crop:2", (3, 12, 15))
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
