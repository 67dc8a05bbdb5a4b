#!/usr/bin/env python3
"""Stores written by the C++ library, read in Python.

TANDEM_WRITE_STORES in the environment is the path of a program that, called with a folder, writes
stores there: NAME.safetensors, and beside each NAME.expected.safetensors with the tensor "decoded",
F32 [keys, width], of what the C++ library reads from it.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

from tandem_targets.safetensors import map_safetensors
from tandem_targets.store import TargetStore

FIXTURE = os.environ.get("TANDEM_WRITE_STORES")
if FIXTURE is None:
    sys.exit("TANDEM_WRITE_STORES: expected the path of the fixture program, found nothing")

TOLERANCE = 1e-6


class CppStores(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        subprocess.run([FIXTURE, str(cls.folder)], check=True)
        cls.stores = sorted(
            path
            for path in cls.folder.glob("*.safetensors")
            if not path.name.endswith(".expected.safetensors")
        )

    def test_are_there(self):
        self.assertGreater(len(self.stores), 0, f"the fixture program left no store: {FIXTURE}")

    def test_decode_to_what_cpp_decodes(self):
        for path in self.stores:
            with self.subTest(store=path.name):
                store = TargetStore.open(path)
                expected = map_safetensors(path.with_suffix(".expected.safetensors"))
                decoded = expected.tensors["decoded"]
                self.assertEqual(decoded.shape, (store.metadata.keys, store.width))
                found = store.read(np.arange(store.metadata.keys))
                np.testing.assert_allclose(found, decoded, rtol=TOLERANCE, atol=TOLERANCE)

    def test_know_the_policy_of_their_views(self):
        for path in self.stores:
            with self.subTest(store=path.name):
                store = TargetStore.open(path)
                self.assertEqual(str(store.policy), store.metadata.views)


if __name__ == "__main__":
    unittest.main()
