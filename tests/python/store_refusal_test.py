#!/usr/bin/env python3
"""Target stores that are not intact, or say what cannot be."""

import os
import struct
import unittest

import numpy as np
from store_case import StoreTest

from tandem_targets.errors import StoreError
from tandem_targets.store import TargetStore


class Refusal(StoreTest):
    def refused(self, content, message):
        self.path.write_bytes(content)
        self.refuses_the_file(message)

    def refuses_the_file(self, message):
        with self.assertRaisesRegex(StoreError, message) as caught:
            store = TargetStore.open(self.path)
            store.read(np.arange(store.metadata.keys))
        self.assertIn(str(self.path), str(caught.exception))

    def test_of_a_file_cut_anywhere(self):
        content = self.tiny()
        self.refused(content + b"\0", "the tensors take .* bytes, the file holds")
        for length in reversed(range(len(content))):
            os.truncate(self.path, length)
            self.refuses_the_file("expected at least 8 bytes|not a valid safetensors file")

    def test_of_every_flipped_bit(self):
        content = self.tiny(
            tensors={
                "classes": ("U8", [[1, 0], [2, 1], [0, 1], [0, 2], [2, 0]]),
                "log_probs": ("U8", [[10, 90]] * 5),
            },
            content="probs",
            encoding="top-k:2:u8",
        )
        self.open(content).read(np.arange(5))
        with open(self.path, "r+b", buffering=0) as file:
            for place, byte in enumerate(content):
                for bit in range(8):
                    os.pwrite(file.fileno(), bytes([byte ^ 1 << bit]), place)
                    self.refuses_the_file(".")
                os.pwrite(file.fileno(), bytes([byte]), place)
        self.assertEqual(self.path.read_bytes(), content)

    def test_of_headers_that_lie(self):
        def header(text):
            text = text.encode()
            return struct.pack("<Q", len(text)) + text

        one = '"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}'
        for content, message in (
            (struct.pack("<Q", 1 << 63) + b"{}", "the header claims"),
            (header("{"), "the header is not JSON"),
            (header("[" * 100_000), "the header is not JSON"),
            (header("\xff"), "the tensors take|not JSON"),
            (header("[]"), "must be a JSON object"),
            (header("{%s,%s}" % (one, one)) + b"1234", "key 'a' appears twice"),
            (header('{"__metadata__":{"x":1}}'), "must be an object of texts"),
            (header('{"a":{"dtype":"U8"}}'), "needs exactly dtype, shape and data_offsets"),
            (header("{%s}" % one.replace("U8", "U9")) + b"1234", "unknown dtype 'U9'"),
            (header("{%s}" % one.replace("[4]", "[5]")) + b"1234", "needs 5 bytes"),
            (header("{%s}" % one.replace("[4]", "[true]")) + b"1", "non-negative integers"),
            (header("{%s}" % one.replace("[4]", "[-4,-1]")) + b"1234", "non-negative integers"),
            (header("{%s}" % one.replace("0,4", "1,5")) + b"12345", "begins at byte 1 where 0"),
            (header("{%s}" % one) + b"12345", "the tensors take 4 bytes, the file holds 5"),
            (header("{%s}" % one) + b"1234", "expected metadata 'tandem.format', got none"),
        ):
            self.refused(content, message)

    def test_of_metadata_that_make_no_sense(self):
        for metadata, message in (
            ({"format": "target-store-2"}, "format: expected target-store-1, got 'target-store-2'"),
            ({"header_crc32": "00000000"}, "header_crc32: expected 00000000, the metadata have"),
            ({"tables_crc32": "00000000"}, "tables .checksums, samples.: expected CRC-32 00000000"),
            ({"tables_crc32": "ABCDEF01"}, "tables_crc32: expected 8 lower-case hexadecimal"),
            ({"granularity": "batch"}, "granularity: expected class or cluster .* got 'batch'"),
            ({"content": "one-hot"}, "content: expected probs or logits or features"),
            ({"encoding": "fp8"}, "encoding: expected fp32, .* got 'fp8'"),
            ({"encoding": "top-k:2:u8"}, "top-k:2:u8 needs probs"),
            ({"encoding": "top-k:4:u8", "content": "probs"}, "needs probs of 4..32768 classes"),
            ({"epochs": "2"}, "epochs: expected 1 for granularity sample, got 2"),
            ({"keys": "6"}, "keys: expected 5 for granularity sample, got 6"),
            ({"keys": "05"}, "keys: expected a number in 1..9223372036854775807, got '05'"),
            ({"width": "4"}, "width: expected 3 for logits of as many classes, got 4"),
            ({"width": "4", "content": "features"}, r"'values': expected float32 \[5, 4\], got"),
            ({"temperature": "0"}, "temperature: expected a positive number, got '0'"),
            ({"temperature": "nan"}, "temperature: expected a positive number"),
            ({"view_seed": "-1"}, "view_seed: expected a number in 0..18446744073709551615"),
            ({"image_shape": "28 28"}, "image_shape: expected 'channels height width'"),
        ):
            with self.subTest(metadata=metadata):
                self.refused(self.tiny(**metadata), message)

    def test_of_tensors_other_than_the_format_names(self):
        values = [[0.0] * 3] * 5
        for tables, tensors, metadata, message in (
            ({"extra": ("U8", [1] * 5)}, None, {}, "expected tensors checksums, samples, values"),
            ({}, {"values": ("F16", values)}, {}, "expected float32 .5, 3., got float16"),
            ({"clusters": ("I64", [0] * 5)}, None, {}, "got checksums, clusters, samples"),
            ({}, None, {"granularity": "cluster"}, "expected tensors checksums, clusters"),
            (
                {"clusters": ("I64", [0, 1, 2, 3, 5])},
                None,
                {"granularity": "cluster"},
                "entry of clusters: expected 0..4, got 5",
            ),
            ({"samples": ("I64", [0, 1, 2, 3, -4])}, None, {}, "entry of samples: .* got -4"),
            ({"checksums": ("I64", [0, 0])}, None, {}, r"'checksums': expected int64 \[3\]"),
            ({"pca_mean": ("F32", [0.0])}, None, {"content": "features"}, "pca_basis"),
        ):
            with self.subTest(message=message):
                self.refused(self.tiny(tables, tensors=tensors, **metadata), message)

    def test_of_classes_that_no_checksum_vouches_for(self):
        for classes, message in (
            ([1, 1], "rows 0..1: expected distinct classes in a row"),
            ([1, 3], "rows 0..1: expected classes in 0..2, got 0..3"),
        ):
            tensors = {
                "classes": ("U8", [classes] + [[1, 0]] * 4),
                "log_probs": ("F16", [[-0.5, -2.0]] * 5),
            }
            self.refused(
                self.tiny(tensors=tensors, content="probs", encoding="top-k:2:fp16"), message
            )

    def test_of_a_policy_from_the_future_waits_until_it_is_asked_for(self):
        store = self.open(self.tiny(views="sharpen:3"))
        with self.assertRaisesRegex(ValueError, "unknown augmentation 'sharpen'"):
            store.policy


if __name__ == "__main__":
    unittest.main()
