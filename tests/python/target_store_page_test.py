#!/usr/bin/env python3
"""docs/target-store.md says what is so: its worked example, its reader and its errors."""

import json
import pathlib
import re
import struct
import tempfile
import unittest

import numpy as np
import store_files

from tandem_targets.store import TargetStore

PAGE = (pathlib.Path(__file__).parents[2] / "docs" / "target-store.md").read_text()
EXAMPLE = PAGE.split("## A worked example")[1]
IMAGES, LABELS = np.arange(8, dtype=np.uint8).reshape(2, 1, 2, 2), [2, 0]
ROUNDED = 5.1e-5  # the page shows four decimals
TARGETS = [[0.7, 0.2, 0.1], [0.05, 0.9, 0.05]]


def example_store():
    """The page's store, made from its targets by a writer that does not read the page."""
    codes = [[store_files.code_of_prob(prob) for prob in row] for row in TARGETS]
    metadata = {
        "granularity": "sample",
        "content": "probs",
        "width": "3",
        "classes": "3",
        "temperature": "4",
        "encoding": "u8",
        "block_rows": "1024",
        "dataset": "tiny/train",
    }
    tensors = {"values": ("U8", codes), "samples": ("I64", [0, 1])}
    return store_files.store_bytes(tensors, metadata, IMAGES.tobytes(), LABELS)


def block(kind):
    return re.search(rf"```{kind}\n(.*?)```", EXAMPLE, re.DOTALL)[1]


def page_store():
    """The bytes that the page shows, put together."""
    header = json.dumps(json.loads(block("json")), separators=(",", ":")).encode()
    length = int(re.search(r"padded with spaces to (\d+) bytes", EXAMPLE)[1])
    begin = bytes.fromhex(re.search(r"begins with the length, `([^`]*)`", EXAMPLE)[1])
    return begin + header.ljust(length) + bytes.fromhex(block("text"))


class WorkedExample(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "page.safetensors"
        self.path.write_bytes(page_store())

    def test_shows_the_bytes_that_a_writer_writes(self):
        self.maxDiff = None
        self.assertEqual(page_store(), example_store())
        self.assertEqual(struct.unpack("<Q", page_store()[:8])[0] % 8, 0)

    def test_is_a_store(self):
        store = TargetStore.open(self.path)
        store.check_dataset(IMAGES, np.array(LABELS))
        np.testing.assert_allclose(store.read([0, 1]), self.shown_rows(), atol=ROUNDED)

    def test_shows_codes_and_targets_of_each_row(self):
        codes = page_store()[-6:]
        shown = [
            [int(code) for code in row.split()]
            for row in re.findall(r"^\| \d \| ([\d ]+) \|", EXAMPLE, re.MULTILINE)
        ]
        self.assertEqual(shown, [list(codes[:3]), list(codes[3:])])
        np.testing.assert_allclose(self.shown_rows(), TARGETS, atol=0.01)

    def test_is_read_by_the_ten_lines(self):
        reader = block("python")
        self.assertEqual(reader.count("\n"), 10)
        names = {"path": self.path, "rows": [1, 0]}
        exec(reader, names)
        np.testing.assert_allclose(names["targets"], self.shown_rows()[::-1], atol=ROUNDED)

    def shown_rows(self):
        rows = re.findall(r"^\| \d \| [\d ]+ \| ([\d. ]+) \|$", EXAMPLE, re.MULTILINE)
        return [[float(number) for number in row.split()] for row in rows]


class Errors(unittest.TestCase):
    def test_of_probabilities_in_bytes_are_those_of_the_page(self):
        slope, offset, absolute = map(
            float,
            re.search(
                r"<= ([\d.]+) sqrt\(-ln p\) \+ ([\d.]+)`, so that `\|p' - p\| <= ([\d.]+)`", PAGE
            ).groups(),
        )
        logs = np.linspace(1e-9, 16, 1_000_001)
        codes = np.rint(255 * np.sqrt(logs / 16))
        decoded_logs = 16 * (codes / 255) ** 2
        self.assertLess((np.abs(decoded_logs - logs) - slope * np.sqrt(logs)).max(), offset)
        error = np.abs(np.exp(-decoded_logs) - np.exp(-logs)).max()
        self.assertLess(error, absolute)
        self.assertGreater(error, 0.98 * absolute)  # not a bound so loose that it says nothing


if __name__ == "__main__":
    unittest.main()
