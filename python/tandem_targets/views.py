"""View policies: drawing the parameters of a batch of views from their keys.

Equal to Tandem's C++ bit for bit; docs/views.md, "Parameters", is the specification of both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem_targets.keys import RandomStreams, Stream
from tandem_targets.mixing import Mixing, MixingDraw

ImageShape = tuple[int, int, int]
"""Channels, rows and columns of one image."""

_MAX_PADDING = 4096
_CROP_TRIES = 10
_MIN_ASPECT, _MAX_ASPECT = 3 / 4, 4 / 3
_LOG_MAX_ASPECT = 0.28768207245178085
_NUMBER = r"((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"


@dataclass(frozen=True)
class Views:
    """Parameters of b views: cut out the box, scale it to the sample's size, mirror it if `flip`,
    and mix it with another sample's.

    `boxes` is int64 [b, 4] of (left, top, width, height) in the sample's pixels, and may reach over
    the border, where pixels are 0. `flips` is bool [b]. `mixture` is None where views are not mixed.
    """

    boxes: NDArray[np.int64]
    flips: NDArray[np.bool_]
    mixture: Mixture | None = None

    def __len__(self) -> int:
        return len(self.flips)


@dataclass(frozen=True)
class Mixture:
    """The other halves of b mixed views: with whom, how, and the partners' views."""

    draw: MixingDraw
    views: Views


@dataclass(frozen=True)
class PadCrop:
    """"pad-crop:P": a window of the sample's size, at most P pixels away from it."""

    padding: int
    part = "crop"

    def __post_init__(self) -> None:
        if not 1 <= self.padding <= _MAX_PADDING:
            raise ValueError(
                f"pad-crop: expected a padding in 1..{_MAX_PADDING}, got {self.padding}"
            )

    def __str__(self) -> str:
        return f"pad-crop:{self.padding}"

    def draw(
        self, seed: int, epochs: NDArray, indices: NDArray, shape: ImageShape, views: Views
    ) -> None:
        streams = RandomStreams(seed, Stream.PAD_CROP, epochs, indices)
        views.boxes[:, 0] = streams.below(2 * self.padding + 1) - self.padding
        views.boxes[:, 1] = streams.below(2 * self.padding + 1) - self.padding


@dataclass(frozen=True)
class HorizontalFlip:
    """"flip": mirrors left and right with probability 1/2."""

    part = "flip"

    def __str__(self) -> str:
        return "flip"

    def draw(
        self, seed: int, epochs: NDArray, indices: NDArray, shape: ImageShape, views: Views
    ) -> None:
        views.flips[:] = RandomStreams(seed, Stream.HORIZONTAL_FLIP, epochs, indices).below(2) == 1


@dataclass(frozen=True)
class RandomResizedCrop:
    """"resized-crop:A-B": a box of A..B of the sample's area and an aspect ratio of 3/4..4/3."""

    min_scale: float
    max_scale: float
    part = "crop"

    def __post_init__(self) -> None:
        if not 0 < self.min_scale <= self.max_scale <= 1:
            raise ValueError(
                "resized-crop: expected 0 < MIN <= MAX <= 1, "
                f"got {self.min_scale}-{self.max_scale}"
            )

    def __str__(self) -> str:
        low, high = (repr(scale).removesuffix(".0") for scale in (self.min_scale, self.max_scale))
        return f"resized-crop:{low}-{high}"

    def draw(
        self, seed: int, epochs: NDArray, indices: NDArray, shape: ImageShape, views: Views
    ) -> None:
        _, height, width = shape
        streams = RandomStreams(seed, Stream.RESIZED_CROP, epochs, indices)
        rows = np.arange(len(views))  # those that have no box yet
        for _ in range(_CROP_TRIES):
            spread = streams.uniform() * (self.max_scale - self.min_scale)
            area = width * height * (self.min_scale + spread)
            aspect = np.exp((2 * streams.uniform() - 1) * _LOG_MAX_ASPECT)
            widths = np.rint(np.sqrt(area * aspect)).astype(np.int64)
            heights = np.rint(np.sqrt(area / aspect)).astype(np.int64)
            good = (0 < widths) & (widths <= width) & (0 < heights) & (heights <= height)
            fits, widths, heights = streams.select(good), widths[good], heights[good]
            left = fits.below(width - widths + 1)
            top = fits.below(height - heights + 1)
            views.boxes[rows[good]] = np.stack([left, top, widths, heights], axis=1)
            rows, streams = rows[~good], streams.select(~good)
            if not len(rows):
                return
        views.boxes[rows] = _central_box(width, height)


Augmentation = PadCrop | HorizontalFlip | RandomResizedCrop


@dataclass(frozen=True)
class ViewPolicy:
    """What may happen to a sample: at most one augmentation that crops and one that flips, and
    mixing."""

    augmentations: tuple[Augmentation, ...] = ()
    mixing: Mixing = Mixing()

    @classmethod
    def parse(cls, text: str) -> ViewPolicy:
        """Reads "pad-crop:2,flip"; "none" or nothing is the policy without augmentations.

        Raises ValueError for an unknown augmentation, a bad parameter, and two augmentations that
        set the same part of a view, and where something comes after mixing.
        """
        if text.strip(" ") in ("", "none"):
            return cls()
        augmentations: list[Augmentation] = []
        mixing = Mixing()
        for piece in (piece.strip(" ") for piece in text.split(",")):
            if Mixing.is_mixing(piece):
                mixing = mixing.with_way(piece)
                continue
            found = _parse_augmentation(piece)
            if mixing:
                raise ValueError(f"view policy '{text}': expected {found} before {mixing}")
            for earlier in augmentations:
                if earlier.part == found.part:
                    raise ValueError(
                        f"view policy '{text}': expected one augmentation per part of a view, "
                        f"got {earlier} and {found}"
                    )
            augmentations.append(found)
        return cls(tuple(augmentations), mixing)

    def __str__(self) -> str:
        parts = [str(augmentation) for augmentation in self.augmentations]
        return ",".join(parts + [str(self.mixing)] * bool(self.mixing)) or "none"

    def draw(
        self,
        seed: int,
        epochs: ArrayLike,
        indices: ArrayLike,
        shape: ImageShape,
        samples: int | None = None,
    ) -> Views:
        """The views of samples `indices` [b] on their visits `epochs` ([b] or one number).

        `shape` is (channels, height, width) of the samples, `samples` how many there are, which
        mixing needs to know. A pure function of its arguments.
        """
        indices = np.asarray(indices)
        if indices.ndim != 1:
            raise ValueError(f"draw: expected indices [b], got shape {list(indices.shape)}")
        epochs = np.broadcast_to(np.asarray(epochs), indices.shape)
        _, height, width = shape
        boxes = np.empty((len(indices), 4), np.int64)
        boxes[:] = (0, 0, width, height)
        views = Views(boxes, np.zeros(len(indices), np.bool_))
        for augmentation in self.augmentations:
            augmentation.draw(seed, epochs, indices, shape, views)
        if not self.mixing:
            return views
        if samples is None:
            raise ValueError(f"draw: expected the number of samples, which {self.mixing} needs")
        mix = self.mixing.draw(seed, epochs, indices, (height, width), samples)
        unmixed = ViewPolicy(self.augmentations)
        partners = unmixed.draw(seed, epochs, mix.partners, shape)
        return Views(views.boxes, views.flips, Mixture(mix, partners))


def _parse_pad_crop(parameter: str) -> PadCrop:
    if not re.fullmatch(r"-?\d+", parameter, re.ASCII):
        raise ValueError(f"pad-crop: expected pad-crop:PIXELS, got parameter '{parameter}'")
    return PadCrop(int(parameter))


def _parse_flip(parameter: str) -> HorizontalFlip:
    if parameter:
        raise ValueError(f"flip: expected no parameter, got '{parameter}'")
    return HorizontalFlip()


def _parse_resized_crop(parameter: str) -> RandomResizedCrop:
    scales = re.fullmatch(f"{_NUMBER}-{_NUMBER}", parameter or "0.08-1", re.ASCII)
    if scales is None:
        raise ValueError(
            f"resized-crop: expected resized-crop:MIN-MAX, got parameter '{parameter}'"
        )
    return RandomResizedCrop(float(scales[1]), float(scales[2]))


_PARSERS: dict[str, Callable[[str], Augmentation]] = {
    "pad-crop": _parse_pad_crop,
    "flip": _parse_flip,
    "resized-crop": _parse_resized_crop,
}


def _parse_augmentation(text: str) -> Augmentation:
    name, colon, parameter = text.partition(":")
    if name not in _PARSERS:
        raise ValueError(f"unknown augmentation '{name}'; known are {', '.join(_PARSERS)}")
    if colon and not parameter:
        raise ValueError(f"'{text}': expected a parameter after the colon")
    return _PARSERS[name](parameter)


def _central_box(width: int, height: int) -> tuple[int, int, int, int]:
    """The largest central box with an aspect ratio within the bounds."""
    box_width, box_height = width, height
    if width / height < _MIN_ASPECT:
        box_height = round(width / _MIN_ASPECT)
    elif width / height > _MAX_ASPECT:
        box_width = round(height * _MAX_ASPECT)
    return (width - box_width) // 2, (height - box_height) // 2, box_width, box_height
