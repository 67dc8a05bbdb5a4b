"""Augmentations that set a view's box or its flip (docs/views.md, "Parameters")."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandem_targets import libm
from tandem_targets.keys import Stream, ViewKeys
from tandem_targets.parameters import numbers_of, refuse, text_of

ImageShape = tuple[int, int, int]
"""Channels, rows and columns of one image."""

_MAX_PADDING = 4096
_CROP_TRIES = 10
_MIN_ASPECT, _MAX_ASPECT = 3 / 4, 4 / 3
_LOG_MAX_ASPECT = 0.28768207245178085


@dataclass(frozen=True)
class PadCrop:
    """"pad-crop:P": a window of the sample's size, at most P pixels away from it. What lies beyond
    the border is black, or with "pad-crop:P:reflect" the sample mirrored."""

    padding: int
    reflect: bool = False
    part = "crop"

    def __post_init__(self) -> None:
        if not 1 <= self.padding <= _MAX_PADDING:
            raise ValueError(
                f"pad-crop: expected a padding in 1..{_MAX_PADDING}, found {self.padding}"
            )

    @classmethod
    def parse(cls, parameter: str) -> PadCrop:
        match = re.fullmatch(r"(-?\d+)(:reflect)?", parameter, re.ASCII)
        if match is None:
            refuse("pad-crop", "pad-crop:PIXELS[:reflect]", parameter)
        return cls(int(match[1]), match[2] is not None)

    def __str__(self) -> str:
        return f"pad-crop:{self.padding}{':reflect' * self.reflect}"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int64]:
        """Boxes, int64 [b, 4]."""
        _, height, width = shape
        streams = keys.streams(Stream.PAD_CROP)
        left = streams.below(2 * self.padding + 1) - self.padding
        top = streams.below(2 * self.padding + 1) - self.padding
        return np.stack(np.broadcast_arrays(left, top, width, height), axis=1)


@dataclass(frozen=True)
class RandomResizedCrop:
    """"resized-crop:A-B": a box of A..B of the sample's area and an aspect ratio of 3/4..4/3."""

    min_scale: float
    max_scale: float
    part = "crop"
    reflect = False

    def __post_init__(self) -> None:
        if not 0 < self.min_scale <= self.max_scale <= 1:
            raise ValueError(
                "resized-crop: expected 0 < MIN <= MAX <= 1, "
                f"found {text_of(self.min_scale)}-{text_of(self.max_scale)}"
            )

    @classmethod
    def parse(cls, parameter: str) -> RandomResizedCrop:
        return cls(*numbers_of("resized-crop:MIN-MAX", parameter or "0.08-1", 2, 2))

    def __str__(self) -> str:
        return f"resized-crop:{text_of(self.min_scale)}-{text_of(self.max_scale)}"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.int64]:
        """Boxes, int64 [b, 4]."""
        _, height, width = shape
        boxes = np.empty((len(keys), 4), np.int64)
        streams = keys.streams(Stream.RESIZED_CROP)
        rows = np.arange(len(keys))  # those that have no box yet
        for _ in range(_CROP_TRIES):
            spread = streams.uniform() * (self.max_scale - self.min_scale)
            area = width * height * (self.min_scale + spread)
            aspect = libm.exp((2 * streams.uniform() - 1) * _LOG_MAX_ASPECT)
            widths = np.rint(np.sqrt(area * aspect)).astype(np.int64)
            heights = np.rint(np.sqrt(area / aspect)).astype(np.int64)
            good = (0 < widths) & (widths <= width) & (0 < heights) & (heights <= height)
            fits, widths, heights = streams.select(good), widths[good], heights[good]
            left = fits.below(width - widths + 1)
            top = fits.below(height - heights + 1)
            boxes[rows[good]] = np.stack([left, top, widths, heights], axis=1)
            rows, streams = rows[~good], streams.select(~good)
            if not len(rows):
                return boxes
        boxes[rows] = _central_box(width, height)
        return boxes


@dataclass(frozen=True)
class HorizontalFlip:
    """"flip": mirrors left and right with probability 1/2. "flip:alternate": draws so for a
    sample's first visit, and flips on every second one from there."""

    alternate: bool = False
    part = "flip"

    @classmethod
    def parse(cls, parameter: str) -> HorizontalFlip:
        if parameter not in ("", "alternate"):
            refuse("flip", "no parameter or 'alternate'", parameter)
        return cls(bool(parameter))

    def __str__(self) -> str:
        return "flip:alternate" if self.alternate else "flip"

    def draw(self, keys: ViewKeys, shape: ImageShape) -> NDArray[np.bool_]:
        """Whether flipped, bool [b]."""
        if not self.alternate:
            return keys.streams(Stream.HORIZONTAL_FLIP).below(2) == 1
        first = ViewKeys(keys.seed, np.zeros_like(keys.epochs), keys.indices)
        return first.streams(Stream.HORIZONTAL_FLIP).below(2) != keys.epochs % 2


def _central_box(width: int, height: int) -> tuple[int, int, int, int]:
    """The largest central box with an aspect ratio within the bounds."""
    box_width, box_height = width, height
    if width / height < _MIN_ASPECT:
        box_height = round(width / _MIN_ASPECT)
    elif width / height > _MAX_ASPECT:
        box_width = round(height * _MAX_ASPECT)
    return (width - box_width) // 2, (height - box_height) // 2, box_width, box_height
