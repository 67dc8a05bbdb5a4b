#!/usr/bin/env python3
"""Every encoding of a target store against a slow decoder."""

import math
import random
import struct
import unittest

import numpy as np
import store_files
from store_case import StoreTest


def softmax(logits):
    total = sum(math.exp(x) for x in logits)
    return [math.exp(x) / total for x in logits]


def row_tensors(encoding, content, width, keys, noise):
    """Row tensors of random targets, encoded as docs/target-store.md suggests."""
    dense = [[noise.gauss(0, 3) for _ in range(width)] for _ in range(keys)]
    if content == "probs":
        dense = [softmax(row) for row in dense]
    if encoding in ("fp32", "fp16"):
        dtype = {"fp32": "F32", "fp16": "F16"}[encoding]
        return {"values": (dtype, dense)}, dense
    if encoding == "u8" and content == "probs":
        codes = [[store_files.code_of_prob(p) for p in row] for row in dense]
        return {"values": ("U8", codes)}, dense
    if encoding == "u8":
        ranges, codes = [], []
        for row in dense:
            low = store_files.half(min(row) - 2e-3 * abs(min(row)))
            step = store_files.half((max(row) - low) / 255 * 1.001)
            ranges.append([low, step])
            codes.append([round((x - low) / step) for x in row])
        return {"ranges": ("F16", ranges), "values": ("U8", codes)}, dense
    _, top_k, number = encoding.split(":")
    classes, log_probs = [], []
    for row in dense:
        best = sorted(range(width), key=lambda c: -row[c])[: int(top_k)]
        classes.append(best)
        to_number = store_files.code_of_prob if number == "u8" else math.log
        log_probs.append([to_number(row[c]) for c in best])
    ids = "U8" if width <= 256 else "I16"
    return {
        "classes": (ids, classes),
        "log_probs": ("U8" if number == "u8" else "F16", log_probs),
    }, dense


def row_of(tensors, row):
    """Numbers of one row by name, rounded as they are in the file."""
    numbers = {}
    for name, (dtype, values) in tensors.items():
        content = store_files.packed(dtype, values[row])
        numbers[name] = struct.unpack(f"<{len(values[row])}{store_files.FORMATS[dtype]}", content)
    return numbers


class Decoding(StoreTest):
    def check(self, encoding, content, width, classes, sure_row=None):
        """Compares both decoders; returns what was read and what it had been encoded from.

        In `sure_row` each stored probability is made 1, so that their sum is K.
        """
        noise = random.Random(f"{encoding} {content} {width}")
        keys = 11
        tensors, dense = row_tensors(encoding, content, width, keys, noise)
        if sure_row is not None:
            log_probs = tensors["log_probs"][1]
            log_probs[sure_row] = [0] * len(log_probs[sure_row])
        metadata = {
            "granularity": "sample",
            "content": content,
            "width": str(width),
            "classes": str(classes),
            "encoding": encoding,
            "block_rows": "4",
        }
        samples = {"samples": ("I64", list(range(keys)))}
        store = self.open(store_files.store_bytes(tensors | samples, metadata))
        rows = [noise.randrange(keys) for _ in range(20)] + [sure_row or 0]
        found = store.read(np.array(rows))
        self.assertEqual(found.dtype, np.float32)
        self.assertEqual(found.shape, (21, width))
        expected = [
            store_files.decode(encoding, content, width, row_of(tensors, row)) for row in rows
        ]
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
        return found, [dense[row] for row in rows]

    def test_of_every_encoding_is_that_of_the_slow_decoder(self):
        for encoding in ("fp32", "fp16", "u8"):
            for content, width in (("probs", 10), ("logits", 10), ("features", 5)):
                with self.subTest(encoding=encoding, content=content):
                    self.check(encoding, content, width, 10)
        for encoding in ("top-k:1:fp16", "top-k:3:fp16", "top-k:4:u8", "top-k:10:fp16"):
            for width in (10, 256, 257, 1000):
                with self.subTest(encoding=encoding, width=width):
                    self.check(encoding, "probs", width, width, sure_row=3)
        self.check("top-k:7:u8", "probs", 7, 7)

    def test_gives_probabilities_that_sum_to_one(self):
        for encoding in ("u8", "top-k:3:fp16", "top-k:3:u8", "top-k:10:u8"):
            found, _ = self.check(encoding, "probs", 10, 10)
            np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)
            self.assertGreaterEqual(found.min(), 0)

    def test_of_logits_in_bytes_is_within_half_a_step(self):
        found, dense = self.check("u8", "logits", 10, 10)
        for row, logits in zip(found.tolist(), dense):
            step = (max(logits) - min(logits)) / 255 * 1.006  # low and step are rounded outwards
            for decoded, logit in zip(row, logits):
                self.assertLessEqual(abs(decoded - logit), step / 2)

    def test_of_log_probs_is_within_the_error_of_fp16(self):
        found, dense = self.check("top-k:3:fp16", "probs", 10, 10)
        for row, probs in zip(found.tolist(), dense):
            for prob in sorted(probs)[-3:]:
                decoded = row[probs.index(prob)]
                self.assertLess(abs(math.log(decoded / prob)), -math.log(prob) * 2**-11 + 1e-6)

    def test_of_probs_in_bytes_is_within_the_error_that_the_page_states(self):
        found, dense = self.check("u8", "probs", 10, 10)
        for row, probs in zip(found.tolist(), dense):
            entropy = -sum(p * math.log(p) for p in probs)
            of_sum = 0.0158 * math.sqrt(entropy) + 1e-4
            for decoded, prob in zip(row, probs):
                bound = 0.0157 * math.sqrt(-math.log(prob)) + 1e-4 + of_sum
                self.assertLess(abs(decoded / prob - 1), 1.02 * bound)


if __name__ == "__main__":
    unittest.main()
