"""A test with a folder of its own and a tiny store to break."""

import pathlib
import tempfile
import unittest

import store_files

from tandem_targets.store import TargetStore


class StoreTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "tiny.safetensors"

    def open(self, content):
        self.path.write_bytes(content)
        return TargetStore.open(self.path)

    def tiny(self, tables=None, images=b"", labels=(), tensors=None, **metadata):
        """Bytes of a store per sample: five fp32 targets of three classes, in blocks of two."""
        values = [[float(3 * row + k) for k in range(3)] for row in range(5)]
        filled = {
            "granularity": "sample",
            "content": "logits",
            "width": "3",
            "classes": "3",
            "encoding": "fp32",
        }
        tensors = tensors or {"values": ("F32", values)}
        tensors = tensors | {"samples": ("I64", [4, 0, 7, 2, 9])} | (tables or {})
        return store_files.store_bytes(tensors, filled | metadata, images, labels)
