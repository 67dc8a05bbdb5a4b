#!/usr/bin/env python3
"""Random words: published answers, docs/views.md, and a scalar generator written apart."""

import unittest

import numpy as np

from tandem_targets.keys import RandomStreams, Stream, permutation, philox4x32_10

SEED = 0x0123456789ABCDEF
MASK = 0xFFFFFFFF


def scalar_philox(counter, key):
    counter, key = list(counter), list(key)
    for _ in range(10):
        product0, product1 = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [
            product1 >> 32 ^ counter[1] ^ key[0],
            product1 & MASK,
            product0 >> 32 ^ counter[3] ^ key[1],
            product0 & MASK,
        ]
        key = [key[0] + 0x9E3779B9 & MASK, key[1] + 0xBB67AE85 & MASK]
    return counter


def scalar_word(seed, stream, epoch, index, k):
    return scalar_philox([k // 4, index, epoch, stream], [seed & MASK, seed >> 32])[k % 4]


class Philox(unittest.TestCase):
    def test_gives_the_published_answers(self):
        # File kat_vectors of Random123, the library of the paper's authors.
        ones = 0xFFFFFFFF
        for counter, key, expected in (
            ((0,) * 4, (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
            ((ones,) * 4, (ones, ones), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
            (
                (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
                (0xA4093822, 0x299F31D0),
                (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
            ),
        ):
            words = philox4x32_10(tuple(np.array([c], np.uint64) for c in counter), key)
            self.assertEqual(tuple(int(word[0]) for word in words), expected)


class Streams(unittest.TestCase):
    def test_of_many_keys_give_the_words_of_each(self):
        random = np.random.default_rng(1)
        epochs = random.integers(0, 1 << 32, 50)
        indices = random.integers(0, 1 << 32, 50)
        streams = RandomStreams(SEED, Stream.PAD_CROP, epochs, indices)
        for k in range(11):
            expected = [
                scalar_word(SEED, 16, int(e), int(i), k) for e, i in zip(epochs, indices)
            ]
            self.assertEqual(streams.next_u32().tolist(), expected)

    def test_selected_go_on_where_they_were(self):
        streams = RandomStreams(SEED, Stream.INIT, 3, np.arange(6))
        for _ in range(3):
            streams.next_u32()
        chosen = np.array([True, False, False, True, True, False])
        part = streams.select(chosen)
        for _ in range(3):  # over the end of a block
            self.assertEqual(part.next_u32().tolist(), streams.next_u32()[chosen].tolist())

    def test_draw_bounded_and_uniform_numbers_from_one_word_each(self):
        key = (5, Stream.SUBSET, np.arange(100), 7)
        words = [scalar_word(5, 3, e, 7, 0) for e in range(100)]
        self.assertEqual(
            RandomStreams(*key).below(1000).tolist(), [w * 1000 >> 32 for w in words]
        )
        bounds = np.arange(1, 101)
        self.assertEqual(
            RandomStreams(*key).below(bounds).tolist(),
            [w * b >> 32 for w, b in zip(words, bounds.tolist())],
        )
        self.assertEqual(RandomStreams(*key).uniform().tolist(), [w / 2**32 for w in words])

    def test_refuse_keys_that_do_not_fit_and_say_which(self):
        for key, message in (
            ((-1, 16, 0, 0), "seed: expected a number in 0..2.64-1, got -1"),
            ((1 << 64, 16, 0, 0), "seed"),
            ((0, 16, 1 << 32, 0), "epoch: expected numbers in 0..2.32-1"),
            ((0, 16, 0, [3, -1]), "index: expected numbers in 0..2.32-1, got -1..3"),
            ((0, 16, 0.5, 0), "epoch: expected integers, got float64"),
        ):
            with self.assertRaisesRegex(ValueError, message):
                RandomStreams(*key)


class Permutation(unittest.TestCase):
    def test_is_fisher_and_yates_from_the_last_place_down(self):
        for count in (0, 1, 2, 5, 6, 1001):
            order = list(range(count))
            for k, last in enumerate(range(count - 1, 0, -1)):
                place = scalar_word(SEED, 2, 9, 0, k) * (last + 1) >> 32
                order[last], order[place] = order[place], order[last]
            found = permutation(count, SEED, Stream.ORDER, epoch=9)
            self.assertEqual(found.tolist(), order)
            self.assertEqual(found.dtype, np.int64)

    def test_refuses_counts_out_of_range(self):
        with self.assertRaisesRegex(ValueError, "expected a count in 0..2.32-1, got -1"):
            permutation(-1, 0, Stream.ORDER)


if __name__ == "__main__":
    unittest.main()
