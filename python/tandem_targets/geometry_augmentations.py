""""rotate", "affine", "cutout" and "erasing"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandem_targets import libm
from tandem_targets.crops import ImageShape
from tandem_targets.keys import RandomStreams, Stream, ViewKeys
from tandem_targets.operations import (
    NO_OPERATION,
    OperationKind,
    affine,
    centre_of,
    operation,
)
from tandem_targets.parameters import numbers_of, refuse, text_of

_ERASING_TRIES = 10
_MIN_AREA, _MAX_AREA = 0.02, 0.33
_LOG_LEAST_ASPECT, _LOG_GREATEST_ASPECT = -1.2039728043259361, 1.1939224684724346


@dataclass(frozen=True)
class RandomAffine:
    """"affine:D-T-S-K": turns by up to D degrees either way, moves by up to T of the width and the
    height, scales by 1 - S..1 + S and shears along x by up to K degrees, all uniform, about the
    centre; what comes from outside is black."""

    degrees: float
    translate: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    part = "operations"
    _stream = Stream.AFFINE

    @classmethod
    def parse(cls, parameter: str) -> RandomAffine:
        syntax = "affine:DEGREES-TRANSLATE-SCALE-SHEAR"
        numbers = numbers_of(syntax, parameter, 1, 4)
        if not all(0 <= number <= most for number, most in zip(numbers, (180, 1, 0.5, 45))):
            refuse(
                syntax,
                "DEGREES in 0..180, TRANSLATE in 0..1, SCALE in 0..0.5 and SHEAR in 0..45",
                parameter,
            )
        return cls(*numbers)

    def __str__(self) -> str:
        limits = (self.degrees, self.translate, self.scale, self.shear)
        return "affine:" + "-".join(text_of(limit) for limit in limits)

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int32]:
        """Operations, int32 [b, 1, 7]."""
        streams = keys.streams(self._stream)

        def either_way(limit: float) -> NDArray[np.float64]:
            return (2 * streams.uniform() - 1) * limit

        degrees = either_way(self.degrees)
        dx = np.rint(either_way(self.translate * shape[2]))
        dy = np.rint(either_way(self.translate * shape[1]))
        scale = 1 + either_way(self.scale)
        shear = either_way(self.shear)
        return affine(centre_of(shape), degrees, dx, dy, scale, shear)[:, None]


@dataclass(frozen=True)
class RandomRotation(RandomAffine):
    """"rotate:D": an affine map that only turns, by up to D degrees either way."""

    _stream = Stream.ROTATE

    @classmethod
    def parse(cls, parameter: str) -> RandomRotation:
        degrees = numbers_of("rotate:DEGREES", parameter, 1, 1)[0]
        if not 0 < degrees <= 180:
            refuse("rotate", "degrees above 0, at most 180", parameter)
        return cls(degrees)

    def __str__(self) -> str:
        return f"rotate:{text_of(self.degrees)}"


@dataclass(frozen=True)
class Cutout:
    """"cutout:N": blackens a square of N x N pixels whose centre is any pixel, as far as it lies
    within the view."""

    size: int
    part = "operations"

    @classmethod
    def parse(cls, parameter: str) -> Cutout:
        size = numbers_of("cutout:SIZE", parameter, 1, 1)[0]
        if not (1 <= size <= 4096 and size == int(size)):
            refuse("cutout", "a whole number of pixels in 1..4096", parameter)
        return cls(int(size))

    def __str__(self) -> str:
        return f"cutout:{self.size}"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int32]:
        """Operations, int32 [b, 1, 7]."""
        streams = keys.streams(Stream.CUTOUT)
        left = streams.below(shape[2]) - self.size // 2
        top = streams.below(shape[1]) - self.size // 2
        return operation(OperationKind.ERASE, left, top, self.size, self.size)[:, None]


@dataclass(frozen=True)
class RandomErasing:
    """"erasing:P": with probability P blackens a box of 2 %..33 % of the view's area and an aspect
    ratio log-uniform in 0.3..3.3."""

    probability: float = 0.5
    part = "operations"

    @classmethod
    def parse(cls, parameter: str) -> RandomErasing:
        if not parameter:
            return cls()
        probability = numbers_of("erasing:PROBABILITY", parameter, 1, 1)[0]
        if not 0 < probability <= 1:
            refuse("erasing", "a probability above 0, at most 1", parameter)
        return cls(probability)

    def __str__(self) -> str:
        return f"erasing:{text_of(self.probability)}"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int32]:
        """Operations, int32 [b, 1, 7]."""
        operations = np.full((len(keys), 7), NO_OPERATION, np.int32)
        streams = keys.streams(Stream.ERASING)
        done = streams.uniform() < self.probability
        rows, streams = np.flatnonzero(done), streams.select(done)  # those that have no box yet
        for _ in range(_ERASING_TRIES):
            good, boxes = self._try(streams, shape)
            operations[rows[good]] = operation(OperationKind.ERASE, *boxes)
            rows, streams = rows[~good], streams.select(~good)
        return operations[:, None]

    @staticmethod
    def _try(
        streams: RandomStreams, shape: ImageShape
    ) -> tuple[NDArray[np.bool_], tuple[NDArray[np.int64], ...]]:
        """Which streams give a box within the image, and those boxes."""
        _, height, width = shape
        area = width * height * (_MIN_AREA + streams.uniform() * (_MAX_AREA - _MIN_AREA))
        span = _LOG_GREATEST_ASPECT - _LOG_LEAST_ASPECT
        aspect = libm.exp(_LOG_LEAST_ASPECT + streams.uniform() * span)
        heights = np.rint(np.sqrt(area * aspect)).astype(np.int64)
        widths = np.rint(np.sqrt(area / aspect)).astype(np.int64)
        good = (heights < height) & (widths < width)
        fits, heights, widths = streams.select(good), heights[good], widths[good]
        left = fits.below(width - widths + 1)
        top = fits.below(height - heights + 1)
        return good, (left, top, widths, heights)
