#!/usr/bin/env python3
"""idx files that are and are not what they say."""

import pathlib
import re
import struct
import tempfile
import unittest

from tandem_targets.errors import StoreError
from tandem_targets.idx import read_idx


class Idx(unittest.TestCase):
    def test_refuses_what_is_not_idx(self):
        good = bytes([0, 0, 8, 2]) + struct.pack(">II", 2, 3) + bytes(range(6))
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "file"
        path.write_bytes(good)
        self.assertEqual(read_idx(path).tolist(), [[0, 1, 2], [3, 4, 5]])
        for content, message in (
            (good[:-1], re.escape("expected 18 bytes for sizes [2, 3], got 17")),
            (good + b"0", "got 19"),
            (good[:7], "file: expected a header of 12 bytes, got 7"),
            (b"\0\0\x0d\1", "expected an idx file .*, got 00 00 0d 01"),
        ):
            path.write_bytes(content)
            with self.assertRaisesRegex(StoreError, message):
                read_idx(path)
        path = path.with_suffix(".gz")
        path.write_bytes(good)
        with self.assertRaisesRegex(StoreError, "file.gz: expected intact gzip data"):
            read_idx(path)


if __name__ == "__main__":
    unittest.main()
