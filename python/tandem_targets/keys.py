"""Random words as a pure function of a key, for many keys at once (docs/views.md, "Random words").

A key is (seed, stream, epoch, index): 64 bits and three times 32. Nothing here has state that
outlives a call; equal keys give equal numbers on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = 0x9E3779B9, 0xBB67AE85
_LOW_WORD = np.uint64(0xFFFFFFFF)
_WORD_BITS = np.uint64(32)
_ROUNDS = 10


class Stream(IntEnum):
    """What a random stream is for; the numbers are part of the file formats."""

    INIT = 1
    ORDER = 2
    SUBSET = 3
    VALIDATION = 4
    SHUFFLE_TARGETS = 5
    CLUSTER = 6
    STACK = 7
    LABEL_NOISE = 8
    DEGRADE = 9
    PAD_CROP = 16
    HORIZONTAL_FLIP = 17
    RESIZED_CROP = 18
    MIX = 19
    AFFINE = 20
    COLOR_JITTER = 21
    GRAYSCALE = 22
    BLUR = 23
    ERASING = 24
    RAND_AUGMENT = 25
    AUTO_AUGMENT = 26
    TRIVIAL_AUGMENT = 27
    CUTOUT = 28
    ROTATE = 29


def philox4x32_10(
    counter: tuple[NDArray[np.uint64], ...], key: tuple[int, int]
) -> tuple[NDArray[np.uint64], ...]:
    """Philox-4x32 with ten rounds (Salmon, Moraes, Dror, Shaw, SC'11).

    `counter` is four arrays of 32-bit words held in uint64, which broadcast; `key` is two words.
    Returns four arrays of words, uint64 below 2^32.
    """
    c0, c1, c2, c3 = counter
    key0, key1 = key
    for _ in range(_ROUNDS):
        product0 = _MULTIPLIER_0 * c0
        product1 = _MULTIPLIER_1 * c2
        c0 = (product1 >> _WORD_BITS) ^ c1 ^ np.uint64(key0)
        c2 = (product0 >> _WORD_BITS) ^ c3 ^ np.uint64(key1)
        c1 = product1 & _LOW_WORD
        c3 = product0 & _LOW_WORD
        key0 = (key0 + _WEYL_0) & 0xFFFFFFFF
        key1 = (key1 + _WEYL_1) & 0xFFFFFFFF
    return c0, c1, c2, c3


class RandomStreams:
    """The random streams of one seed and purpose for b views.

    Each draw takes the next word of every stream: word k is word `k mod 4` of
    `philox({k // 4, index, epoch, stream}, {low word of seed, high word of seed})`.
    """

    def __init__(self, seed: int, stream: int, epochs: ArrayLike, indices: ArrayLike) -> None:
        """`epochs` and `indices` are integers in 0..2^32-1 that broadcast to one shape [b].

        Raises ValueError for a seed outside 0..2^64-1 and words outside 32 bits.
        """
        self._key = _philox_key(seed)
        self._stream = _words(stream, "stream")
        self._epochs, self._indices = np.broadcast_arrays(
            np.atleast_1d(_words(epochs, "epoch")), np.atleast_1d(_words(indices, "index"))
        )
        self._taken = np.zeros(self._indices.shape, np.int64)
        self._block = np.zeros((4, *self._indices.shape), np.uint64)

    def next_u32(self, where: NDArray[np.bool_] | None = None) -> NDArray[np.uint64]:
        """Next 32 random bits of every stream, uint64 [b]; with `where` [b], only of those at which
        it is true: of the others none are taken, and theirs are 0."""
        place = self._taken % 4
        used_up = place == 0
        if used_up.any():
            blocks = (self._taken[used_up] // 4).astype(np.uint64)
            epochs, indices = self._epochs[used_up], self._indices[used_up]
            words = philox4x32_10((blocks, indices, epochs, self._stream), self._key)
            self._block[:, used_up] = np.stack(np.broadcast_arrays(*words))
        words = np.take_along_axis(self._block, place[None], axis=0)[0]
        if where is None:
            self._taken += 1
            return words
        self._taken += where
        return np.where(where, words, np.uint64(0))

    def uniform(self) -> NDArray[np.float64]:
        """Uniform in [0, 1), 32 bits fine, fp64 [b]."""
        return self.next_u32() * 2.0**-32

    def below(
        self, bound: ArrayLike, where: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Uniform in 0..bound-1, int64 [b]; `bound` is one number in 1..2^32-1 or one a stream.
        With `where` [b], 0 where it is false, and no word is taken there."""
        words = self.next_u32(where)
        return ((words * np.asarray(bound, np.uint64)) >> _WORD_BITS).astype(np.int64)

    def select(self, chosen: NDArray[np.bool_]) -> RandomStreams:
        """The streams at which `chosen` [b] is true, at the same place in their sequences."""
        part = object.__new__(RandomStreams)
        part._key, part._stream = self._key, self._stream
        part._epochs, part._indices = self._epochs[chosen], self._indices[chosen]
        part._taken, part._block = self._taken[chosen], self._block[:, chosen]
        return part


@dataclass(frozen=True)
class ViewKeys:
    """Addresses of b views: samples `indices` on their visits `epochs`, both integers [b]."""

    seed: int
    epochs: NDArray[np.integer]
    indices: NDArray[np.integer]

    def __len__(self) -> int:
        return len(self.indices)

    def streams(self, purpose: Stream) -> RandomStreams:
        """From which one augmentation draws for these views."""
        return RandomStreams(self.seed, purpose, self.epochs, self.indices)


def permutation(count: int, seed: int, stream: int, epoch: int = 0) -> NDArray[np.int64]:
    """Random order of 0..count-1 (Fisher and Yates, from the last place down), int64 [count].

    With `Stream.ORDER` and the order seed of a trial it is the order of the samples in `epoch`.
    """
    if not 0 <= count < 1 << 32:
        raise ValueError(f"permutation: expected a count in 0..2^32-1, got {count}")
    # All words of the one stream at once: block b of it is the counter's first word.
    blocks = np.arange((max(count - 1, 0) + 3) // 4, dtype=np.uint64)
    zero = np.zeros_like(blocks)
    counter = (blocks, zero, zero + _words(epoch, "epoch"), zero + _words(stream, "stream"))
    words = np.stack(philox4x32_10(counter, _philox_key(seed)), axis=1)
    bounds = np.arange(count, 1, -1, dtype=np.uint64)
    places = (words.ravel()[: len(bounds)] * bounds) >> _WORD_BITS
    order = list(range(count))
    for last, place in zip(range(count - 1, 0, -1), places.tolist()):
        order[last], order[place] = order[place], order[last]
    return np.array(order, np.int64)


def _philox_key(seed: int) -> tuple[int, int]:
    """The low and the high word of a seed."""
    if not 0 <= seed < 1 << 64:
        raise ValueError(f"seed: expected a number in 0..2^64-1, got {seed}")
    return int(seed) & 0xFFFFFFFF, int(seed) >> 32


def _words(values: ArrayLike, what: str) -> NDArray[np.uint64]:
    """32-bit words as uint64, or ValueError that names `what` they are."""
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{what}: expected integers, got {array.dtype}")
    if array.size and (array.min() < 0 or array.max() > 0xFFFFFFFF):
        raise ValueError(
            f"{what}: expected numbers in 0..2^32-1, got {array.min()}..{array.max()}"
        )
    return array.astype(np.uint64)
