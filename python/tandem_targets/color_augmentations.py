""""color-jitter", "grayscale" and "blur"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandem_targets.crops import ImageShape
from tandem_targets.keys import Stream, ViewKeys
from tandem_targets.operations import (
    OperationKind,
    by_factor,
    gaussian_blur,
    hue,
    operation,
    where_done,
)
from tandem_targets.parameters import numbers_of, refuse, text_of

_HUE = 3  # place among the strengths


@dataclass(frozen=True)
class ColorJitter:
    """"color-jitter:B-C-S-H": brightness, contrast and saturation by factors uniform in
    1 - B..1 + B and so on, but not below 0, and a hue uniform in -H..H turns, in random order. Of
    strength 0 nothing is done."""

    strengths: tuple[float, float, float, float]
    part = "operations"

    @classmethod
    def parse(cls, parameter: str) -> ColorJitter:
        syntax = "color-jitter:BRIGHTNESS-CONTRAST-SATURATION-HUE"
        numbers = numbers_of(syntax, parameter, 1, 4)
        strengths = (*numbers, *[0.0] * (4 - len(numbers)))
        if not (min(strengths) >= 0 and 0 < max(strengths) <= 4 and strengths[_HUE] <= 0.5):
            refuse(
                syntax, "strengths in 0..4, the hue's in 0..0.5, and one above 0", parameter
            )
        return cls(strengths)

    def __str__(self) -> str:
        return "color-jitter:" + "-".join(text_of(strength) for strength in self.strengths)

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int32]:
        """Operations, int32 [b, 4, 7]."""
        streams = keys.streams(Stream.COLOR_JITTER)
        rows = np.arange(len(keys))
        order = np.tile(np.arange(4), (len(keys), 1))
        for last in (3, 2, 1):
            place = streams.below(last + 1)
            order[rows, last], order[rows, place] = order[rows, place], order[rows, last]
        by_kind = []
        for kind, strength in enumerate(self.strengths):
            centre = 0.0 if kind == _HUE else 1.0
            low = -strength if kind == _HUE else max(centre - strength, 0.0)
            values = low + streams.uniform() * (centre + strength - low)
            made = hue(values) if kind == _HUE else by_factor(_JITTERED[kind], values)
            by_kind.append(where_done(np.full(len(keys), strength > 0), made))
        return np.take_along_axis(np.stack(by_kind, axis=1), order[:, :, None], axis=1)


_JITTERED = (OperationKind.BRIGHTNESS, OperationKind.CONTRAST, OperationKind.SATURATION)


@dataclass(frozen=True)
class Grayscale:
    """"grayscale:P": grey with probability P."""

    probability: float
    part = "operations"

    @classmethod
    def parse(cls, parameter: str) -> Grayscale:
        probability = numbers_of("grayscale:PROBABILITY", parameter, 1, 1)[0]
        if not 0 < probability <= 1:
            refuse("grayscale", "a probability above 0, at most 1", parameter)
        return cls(probability)

    def __str__(self) -> str:
        return f"grayscale:{text_of(self.probability)}"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int32]:
        """Operations, int32 [b, 1, 7]."""
        done = keys.streams(Stream.GRAYSCALE).uniform() < self.probability
        return where_done(done, operation(OperationKind.GRAYSCALE))[:, None]


@dataclass(frozen=True)
class Blur:
    """"blur:A-B": Gaussian blur with a standard deviation uniform in A..B pixels and taps over a
    tenth of the shorter side, three at least."""

    min_sigma: float = 0.1
    max_sigma: float = 2.0
    part = "operations"

    @classmethod
    def parse(cls, parameter: str) -> Blur:
        if not parameter:
            return cls()
        low, high = numbers_of("blur:MIN-MAX", parameter, 2, 2)
        if not 0 < low <= high <= 64:
            refuse("blur", "0 < MIN <= MAX <= 64", parameter)
        return cls(low, high)

    def __str__(self) -> str:
        return f"blur:{text_of(self.min_sigma)}-{text_of(self.max_sigma)}"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int32]:
        """Operations, int32 [b, 1, 7]."""
        spread = keys.streams(Stream.BLUR).uniform()
        radius = min(max(min(shape[1:]) // 20, 1), 16)
        sigmas = self.min_sigma + spread * (self.max_sigma - self.min_sigma)
        return gaussian_blur(radius, sigmas)[:, None]
