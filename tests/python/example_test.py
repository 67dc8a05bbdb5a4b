#!/usr/bin/env python3
"""examples/train_from_store.py learns from a store, and not from another sample's targets."""

import math
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile
import unittest

import store_files

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "train_from_store.py"
CLASSES, SIDE, SAMPLES, EPOCHS = 10, 12, 400, 12


def write_split(folder, stem, size):
    """Class c is a bright bar in row c + 1 of noise, in idx files; returns pixels and labels."""
    noise = random.Random(stem)
    labels = bytes(i % CLASSES for i in range(size))
    pixels = bytearray(noise.randrange(120) for _ in range(size * SIDE * SIDE))
    for i, label in enumerate(labels):
        for x in range(SIDE):
            pixels[(i * SIDE + label + 1) * SIDE + x] += 100
    for name, dimensions, content in (
        ("images-idx3", (size, SIDE, SIDE), pixels),
        ("labels-idx1", (size,), labels),
    ):
        header = struct.pack(f">4B{len(dimensions)}I", 0, 0, 8, len(dimensions), *dimensions)
        (folder / f"{stem}-{name}-ubyte").write_bytes(header + content)
    return bytes(pixels), labels


class Example(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.pixels, cls.labels = write_split(cls.folder, "train", SAMPLES)
        write_split(cls.folder, "t10k", 300)

    def write_store(self, granularity, content="probs", epochs=1, **metadata):
        """A teacher that is sure of the true class, and a little less so in every epoch."""
        logits = [
            [9.0 - 0.2 * epoch if c == label else 0.0 for c in range(CLASSES)]
            for epoch in range(epochs)
            for label in self.labels
        ]
        if content == "probs":
            codes = []
            for row in logits:
                total = sum(math.exp(x / 4) for x in row)
                codes.append([store_files.code_of_prob(math.exp(x / 4) / total) for x in row])
            metadata |= {"temperature": "4", "encoding": "u8"}
            tensors = {"values": ("U8", codes)}
        else:
            metadata |= {"encoding": "fp16"}
            tensors = {"values": ("F16", logits)}
        tensors["samples"] = ("I64", list(range(SAMPLES)))
        metadata |= {
            "granularity": granularity,
            "content": content,
            "epochs": str(epochs),
            "width": str(CLASSES),
            "classes": str(CLASSES),
            "block_rows": "1024",
            "image_shape": f"1 {SIDE} {SIDE}",
        }
        path = self.folder / f"{granularity}-{content}.safetensors"
        path.write_bytes(store_files.store_bytes(tensors, metadata, self.pixels, self.labels))
        return path

    def run_example(self, store, *options, data=None):
        words = [sys.executable, EXAMPLE, store, "--data", data or self.folder, *options]
        return subprocess.run([str(word) for word in words], capture_output=True, text=True)

    def accuracy(self, store, *options):
        size = ("--epochs", EPOCHS, "--batch", 40, "--width", 8)
        result = self.run_example(store, *size, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return float(re.search(r"test top-1 ([\d.]+) %", result.stdout)[1])

    def test_learns_from_the_views_of_a_store_and_not_from_shuffled_targets(self):
        store = self.write_store("view", epochs=EPOCHS, views="resized-crop:0.8-1", view_seed="5")
        self.assertGreater(self.accuracy(store), 85)
        self.assertLess(self.accuracy(store, "--shuffle"), 35)

    def test_learns_from_logits_per_sample_under_views_of_its_own(self):
        store = self.write_store("sample", "logits")
        self.assertGreater(self.accuracy(store, "--views", "resized-crop:0.8-1"), 85)

    def test_refuses_what_does_not_fit_in_one_line(self):
        view = self.write_store("view", epochs=2)
        features = self.write_store("sample", "features")
        other = self.folder / "other"
        other.mkdir()
        write_split(other, "train", SAMPLES)
        images = other / "train-images-idx3-ubyte"
        images.write_bytes(images.read_bytes()[:-1] + b"\xff")
        for arguments, data, message in (
            ((view,), None, "--epochs: expected at most the 2 that the store holds, got 5"),
            ((view, "--epochs", 1, "--views", "flip"), None, "--views: a store of granularity"),
            ((features,), None, "expected a store of probs or logits, got features"),
            ((view, "--epochs", 1), other, "expected images with CRC-32"),
            ((self.folder / "none",), None, "No such file"),
            ((view, "--epochs", 1), self.folder / "none", "found neither"),
        ):
            result = self.run_example(*arguments, data=data)
            self.assertEqual(result.returncode, 1, result.stdout)
            self.assertIn(message, result.stderr)
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)

    def test_explains_itself(self):
        result = self.run_example("--help")
        self.assertEqual(result.returncode, 0)
        self.assertIn("--shuffle     # a canary", result.stdout)


if __name__ == "__main__":
    unittest.main()
