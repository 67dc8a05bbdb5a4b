#!/usr/bin/env python3
"""Target stores that are intact: rows, reading, and the samples that they were made of."""

import struct
import unittest

import numpy as np
from store_case import StoreTest

from tandem_targets.errors import StoreError
from tandem_targets.store import TargetStore


class Rows(StoreTest):
    def test_are_chosen_by_granularity(self):
        def values(rows):
            return {"values": ("F32", [[0.0] * 3] * rows)}

        indices, labels = [0, 4, 2], [2, 0, 1]
        cases = (
            ("class", 3, "1", {}, 5, labels),
            ("cluster", 2, "1", {"clusters": ("I64", [1, 0, 0, 1, 1])}, 5, [1, 1, 0]),
            ("sample", 5, "1", {}, 5, indices),
            ("pool", 10, "2", {}, 5, [5, 9, 7]),
            ("view", 30, "6", {}, 5, [25, 29, 27]),
        )
        for granularity, keys, epochs, tables, epoch, expected in cases:
            with self.subTest(granularity=granularity):
                store = self.open(
                    self.tiny(
                        tables, tensors=values(keys), granularity=granularity, epochs=epochs
                    )
                )
                rows = store.rows(indices, epoch, labels)
                self.assertEqual(rows.tolist(), expected)
                self.assertEqual(store.read(rows).shape, (3, 3))
                wrapped = 1 if granularity == "pool" else 5
                self.assertEqual(int(store.view_epochs(epoch)), wrapped)

    def test_take_an_epoch_for_each_sample(self):
        store = self.open(
            self.tiny(
                tensors={"values": ("F32", [[0.0] * 3] * 10)}, granularity="view", epochs="2"
            )
        )
        self.assertEqual(store.rows([3, 3, 0], [0, 1, 1]).tolist(), [3, 8, 5])

    def test_that_do_not_exist_are_refused(self):
        store = self.open(self.tiny())
        view = self.folder / "view.safetensors"
        view.write_bytes(self.tiny(granularity="view"))
        view = TargetStore.open(view)
        by_class = self.folder / "class.safetensors"
        by_class.write_bytes(
            self.tiny(tensors={"values": ("F32", [[0.0] * 3] * 3)}, granularity="class")
        )
        by_class = TargetStore.open(by_class)
        for call, message in (
            (lambda: store.rows([5]), "sample: expected 0..4, got 5"),
            (lambda: store.rows([-1]), "sample: expected 0..4, got -1"),
            (lambda: store.rows([[1]]), r"sample: expected integers \[b\], got int64 \[1, 1\]"),
            (lambda: store.read([0, 5]), "row: expected 0..4, got 5"),
            (lambda: store.read([0.5]), "row: expected integers"),
            (lambda: view.rows([0], 1), "stored epoch: expected 0..0, got 1"),
            (lambda: by_class.rows([0]), "a store per class: expected labels, got none"),
            (lambda: by_class.rows([0], 0, [3]), "label: expected 0..2, got 3"),
            (lambda: by_class.rows([0, 1], 0, [2]), "expected 2 labels"),
        ):
            with self.assertRaisesRegex(ValueError, message):
                call()


class Reading(StoreTest):
    def test_tells_what_the_file_says(self):
        store = self.open(self.tiny(views="pad-crop:2,flip", view_seed="18446744073709551615"))
        self.assertEqual(str(store.policy), "pad-crop:2,flip")
        self.assertEqual(store.view_seed, 2**64 - 1)
        self.assertEqual(store.samples.tolist(), [4, 0, 7, 2, 9])
        self.assertEqual(store.metadata.image_shape, (1, 2, 2))
        self.assertEqual(str(store.metadata.encoding), "fp32")
        self.assertEqual((store.content, store.granularity), ("logits", "sample"))
        self.assertEqual((store.width, store.temperature), (3, 1.0))
        self.assertIsNone(store.pca)

    def test_gives_the_basis_of_features(self):
        tables = {
            "pca_mean": ("F32", [0.5, 1.5, 2.5, 3.5]),
            "pca_basis": ("F32", [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0] * 4]),
        }
        mean, basis = self.open(self.tiny(tables, content="features")).pca
        self.assertEqual(mean.tolist(), tables["pca_mean"][1])
        self.assertEqual(basis.tolist(), tables["pca_basis"][1])

    def test_gives_nothing_for_an_empty_batch(self):
        self.assertEqual(self.open(self.tiny()).read(np.arange(0)).shape, (0, 3))

    def test_checks_a_block_when_it_is_first_read_and_not_before(self):
        content = bytearray(self.tiny())
        place = content.index(struct.pack("<3f", 6, 7, 8))  # row 2, in the second block
        content[place] ^= 1
        store = self.open(bytes(content))
        self.assertEqual(store.read([1, 4, 0]).tolist(), [[3, 4, 5], [12, 13, 14], [0, 1, 2]])
        for _ in range(2):
            with self.assertRaisesRegex(StoreError, "tiny.safetensors: rows 2..3: expected CRC-32"):
                store.read([3])

    def test_knows_the_samples_it_was_made_of(self):
        images = np.arange(20, dtype=np.uint8).reshape(5, 1, 2, 2)
        labels = np.array([2, 0, 1, 1, 0])
        store = self.open(self.tiny(images=images.tobytes(), labels=labels.tolist()))
        store.check_dataset(images, labels)
        store.check_dataset(images.copy(order="F"), labels.astype(np.int32))
        other, swapped = images.copy(), [1, 0, 2, 3, 4]
        other[4, 0, 1, 1] ^= 1
        for arguments, message in (
            ((other, labels), "made of fashion-mnist/train: expected images with CRC-32"),
            ((images[swapped], labels[swapped]), "expected images with CRC-32 .* another order"),
            ((images, labels[swapped]), "expected labels with CRC-32"),
            ((images[:4], labels[:4]), r"expected images uint8 \[5, 1, 2, 2\].* got uint8 \[4,"),
            ((images.astype(np.float32), labels), "got float32"),
            ((images, labels[:4]), r"expected integer labels \[5\], got int64 \[4\]"),
        ):
            with self.assertRaisesRegex(StoreError, message):
                store.check_dataset(*arguments)


if __name__ == "__main__":
    unittest.main()
