""""randaugment", "autoaugment" and "trivialaugment": operations drawn from a list, with
torchvision's ranges (docs/views.md, "Augmentations by operations")."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tandem_targets import libm
from tandem_targets.crops import ImageShape
from tandem_targets.keys import Stream, ViewKeys
from tandem_targets.operations import (
    NO_OPERATION,
    OperationKind,
    affine,
    by_factor,
    centre_of,
    operation,
    where_done,
)
from tandem_targets.parameters import numbers_of, refuse


class Choice(IntEnum):
    """What a policy chooses from; RandAugment and TrivialAugment from all but the last."""

    IDENTITY = 0
    SHEAR_X = 1
    SHEAR_Y = 2
    TRANSLATE_X = 3
    TRANSLATE_Y = 4
    ROTATE = 5
    BRIGHTNESS = 6
    COLOR = 7
    CONTRAST = 8
    SHARPNESS = 9
    POSTERIZE = 10
    SOLARIZE = 11
    AUTO_CONTRAST = 12
    EQUALIZE = 13
    INVERT = 14


_CHOICES = 14
_BINS = 31
_ENHANCEMENTS = {
    Choice.BRIGHTNESS: OperationKind.BRIGHTNESS,
    Choice.COLOR: OperationKind.SATURATION,
    Choice.CONTRAST: OperationKind.CONTRAST,
    Choice.SHARPNESS: OperationKind.SHARPNESS,
}
_WITHOUT_MAGNITUDE = {
    Choice.AUTO_CONTRAST: OperationKind.AUTO_CONTRAST,
    Choice.EQUALIZE: OperationKind.EQUALIZE,
    Choice.INVERT: OperationKind.INVERT,
}


def _is_signed(choices: NDArray) -> NDArray[np.bool_]:
    return (choices >= Choice.SHEAR_X) & (choices <= Choice.SHARPNESS)


def _has_magnitude(choices: NDArray) -> NDArray[np.bool_]:
    return (choices >= Choice.SHEAR_X) & (choices <= Choice.SOLARIZE)


@dataclass(frozen=True)
class _Ranges:
    """What the greatest magnitude means."""

    shear: float = 0.3
    translate_share: float = 150.0 / 331  # of the image's side
    translate_pixels: float = 0.0  # more than that
    degrees: float = 30.0
    enhance: float = 0.9
    bits: int = 4  # that posterize takes off


_NARROW = _Ranges()
_WIDE = _Ranges(
    shear=0.99, translate_share=0.0, translate_pixels=32.0, degrees=135.0, enhance=0.99, bits=6
)


def _operations_of(
    choices: NDArray[np.int64],
    magnitudes: NDArray[np.int64],
    bins: int,
    negative: NDArray[np.bool_],
    ranges: _Ranges,
    shape: ImageShape,
) -> NDArray[np.int32]:
    """Rows [b, 7] of `choices` [b], at `magnitudes` [b] of 0..`bins` - 1."""
    rows = np.full((len(choices), 7), NO_OPERATION, np.int32)
    for choice in np.unique(choices):
        at = choices == choice
        if choice != Choice.IDENTITY:
            rows[at] = _of_one_choice(
                Choice(choice), magnitudes[at], bins, negative[at], ranges, shape
            )
    return rows


def _of_one_choice(
    choice: Choice,
    magnitudes: NDArray[np.int64],
    bins: int,
    negative: NDArray[np.bool_],
    ranges: _Ranges,
    shape: ImageShape,
) -> NDArray[np.int32]:
    _, height, width = shape
    level = magnitudes / (bins - 1)
    either_way = np.where(negative, -level, level)
    centre = centre_of(shape)
    if choice in _ENHANCEMENTS:
        return by_factor(_ENHANCEMENTS[choice], 1 + either_way * ranges.enhance)
    if choice in (Choice.SHEAR_X, Choice.SHEAR_Y):
        degrees = libm.arctan(either_way * ranges.shear) * (180 / np.pi)
        axis = "shear_x_degrees" if choice == Choice.SHEAR_X else "shear_y_degrees"
        return affine((0.0, 0.0), **{axis: degrees})
    if choice in (Choice.TRANSLATE_X, Choice.TRANSLATE_Y):
        side, axis = (width, "dx") if choice == Choice.TRANSLATE_X else (height, "dy")
        most = ranges.translate_share * side + ranges.translate_pixels
        return affine(centre, **{axis: np.trunc(either_way * most)})
    if choice == Choice.ROTATE:  # counterclockwise
        return affine(centre, degrees=-either_way * ranges.degrees)
    if choice == Choice.POSTERIZE:
        bits = 8 - np.rint(level * ranges.bits).astype(np.int64)
        return operation(OperationKind.POSTERIZE, bits)
    if choice == Choice.SOLARIZE:  # from the threshold 255 (1 - level) on, rounded up
        return operation(OperationKind.SOLARIZE, 255 - magnitudes * 255 // (bins - 1))
    return operation(_WITHOUT_MAGNITUDE[choice])


@dataclass(frozen=True)
class RandAugment:
    """"randaugment:N-M": N operations, each any of fourteen at magnitude M of 0..30."""

    count: int = 2
    magnitude: int = 9
    part = "operations"

    @classmethod
    def parse(cls, parameter: str) -> RandAugment:
        if not parameter:
            return cls()
        syntax = "randaugment:COUNT-MAGNITUDE"
        count, magnitude = numbers_of(syntax, parameter, 2, 2)
        whole = count == int(count) and magnitude == int(magnitude)
        if not (whole and 1 <= count <= 8 and 0 <= magnitude < _BINS):
            refuse(syntax, "whole numbers, COUNT in 1..8 and MAGNITUDE in 0..30", parameter)
        return cls(int(count), int(magnitude))

    def __str__(self) -> str:
        return f"randaugment:{self.count}-{self.magnitude}"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int32]:
        """Operations, int32 [b, count, 7]."""
        streams = keys.streams(Stream.RAND_AUGMENT)
        magnitudes = np.full(len(keys), self.magnitude)
        steps = []
        for _ in range(self.count):
            choices = streams.below(_CHOICES)
            negative = streams.below(2, where=_is_signed(choices)) == 1
            steps.append(_operations_of(choices, magnitudes, _BINS, negative, _NARROW, shape))
        return np.stack(steps, axis=1)


@dataclass(frozen=True)
class TrivialAugment:
    """"trivialaugment": one operation, any of fourteen, at any of 31 magnitudes of wide ranges."""

    part = "operations"

    @classmethod
    def parse(cls, parameter: str) -> TrivialAugment:
        if parameter:
            refuse("trivialaugment", "no parameter", parameter)
        return cls()

    def __str__(self) -> str:
        return "trivialaugment"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int32]:
        """Operations, int32 [b, 1, 7]."""
        streams = keys.streams(Stream.TRIVIAL_AUGMENT)
        choices = streams.below(_CHOICES)
        magnitudes = streams.below(_BINS, where=_has_magnitude(choices))
        negative = streams.below(2, where=_is_signed(choices)) == 1
        return _operations_of(choices, magnitudes, _BINS, negative, _WIDE, shape)[:, None]


_AUTO_BINS = 10
# Found for CIFAR-10 (Cubuk et al., arXiv:1805.09501, table 7), as torchvision has them: the choice,
# its probability and its magnitude, of two steps each.
_CIFAR10_POLICIES = (
    ((Choice.INVERT, 0.1, 0), (Choice.CONTRAST, 0.2, 6)),
    ((Choice.ROTATE, 0.7, 2), (Choice.TRANSLATE_X, 0.3, 9)),
    ((Choice.SHARPNESS, 0.8, 1), (Choice.SHARPNESS, 0.9, 3)),
    ((Choice.SHEAR_Y, 0.5, 8), (Choice.TRANSLATE_Y, 0.7, 9)),
    ((Choice.AUTO_CONTRAST, 0.5, 0), (Choice.EQUALIZE, 0.9, 0)),
    ((Choice.SHEAR_Y, 0.2, 7), (Choice.POSTERIZE, 0.3, 7)),
    ((Choice.COLOR, 0.4, 3), (Choice.BRIGHTNESS, 0.6, 7)),
    ((Choice.SHARPNESS, 0.3, 9), (Choice.BRIGHTNESS, 0.7, 9)),
    ((Choice.EQUALIZE, 0.6, 0), (Choice.EQUALIZE, 0.5, 0)),
    ((Choice.CONTRAST, 0.6, 7), (Choice.SHARPNESS, 0.6, 5)),
    ((Choice.COLOR, 0.7, 7), (Choice.TRANSLATE_X, 0.5, 8)),
    ((Choice.EQUALIZE, 0.3, 0), (Choice.AUTO_CONTRAST, 0.4, 0)),
    ((Choice.TRANSLATE_Y, 0.4, 3), (Choice.SHARPNESS, 0.2, 6)),
    ((Choice.BRIGHTNESS, 0.9, 6), (Choice.COLOR, 0.2, 8)),
    ((Choice.SOLARIZE, 0.5, 2), (Choice.INVERT, 0.0, 0)),
    ((Choice.EQUALIZE, 0.2, 0), (Choice.AUTO_CONTRAST, 0.6, 0)),
    ((Choice.EQUALIZE, 0.2, 0), (Choice.EQUALIZE, 0.6, 0)),
    ((Choice.COLOR, 0.9, 9), (Choice.EQUALIZE, 0.6, 0)),
    ((Choice.AUTO_CONTRAST, 0.8, 0), (Choice.SOLARIZE, 0.2, 8)),
    ((Choice.BRIGHTNESS, 0.1, 3), (Choice.COLOR, 0.7, 0)),
    ((Choice.SOLARIZE, 0.4, 5), (Choice.AUTO_CONTRAST, 0.9, 0)),
    ((Choice.TRANSLATE_Y, 0.9, 9), (Choice.TRANSLATE_Y, 0.7, 9)),
    ((Choice.AUTO_CONTRAST, 0.9, 0), (Choice.SOLARIZE, 0.8, 3)),
    ((Choice.EQUALIZE, 0.8, 0), (Choice.INVERT, 0.1, 0)),
    ((Choice.TRANSLATE_Y, 0.7, 9), (Choice.AUTO_CONTRAST, 0.9, 0)),
)


@dataclass(frozen=True)
class AutoAugment:
    """"autoaugment": one of the 25 pairs of steps found for CIFAR-10, each step with its
    probability."""

    part = "operations"

    @classmethod
    def parse(cls, parameter: str) -> AutoAugment:
        if parameter:
            refuse("autoaugment", "no parameter", parameter)
        return cls()

    def __str__(self) -> str:
        return "autoaugment"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int32]:
        """Operations, int32 [b, 2, 7]."""
        streams = keys.streams(Stream.AUTO_AUGMENT)
        policies = np.array(_CIFAR10_POLICIES)[streams.below(len(_CIFAR10_POLICIES))]
        steps = []
        for step in (0, 1):
            choices, probabilities, magnitudes = policies[:, step].T
            choices, magnitudes = choices.astype(np.int64), magnitudes.astype(np.int64)
            done = streams.uniform() < probabilities
            negative = (streams.below(2) == 1) & _is_signed(choices)
            made = _operations_of(choices, magnitudes, _AUTO_BINS, negative, _NARROW, shape)
            steps.append(where_done(done, made))
        return np.stack(steps, axis=1)
