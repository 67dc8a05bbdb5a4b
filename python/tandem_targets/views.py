"""View policies: drawing the parameters of a batch of views from their keys.

Equal to Tandem's C++ bit for bit; docs/views.md, "Parameters", is the specification of both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem_targets.auto_policies import AutoAugment, RandAugment, TrivialAugment
from tandem_targets.color_augmentations import Blur, ColorJitter, Grayscale
from tandem_targets.crops import HorizontalFlip, ImageShape, PadCrop, RandomResizedCrop
from tandem_targets.geometry_augmentations import (
    Cutout,
    RandomAffine,
    RandomErasing,
    RandomRotation,
)
from tandem_targets.keys import ViewKeys
from tandem_targets.mixing import Mixing, MixingDraw
from tandem_targets.operations import in_order


@dataclass(frozen=True)
class Views:
    """Parameters of b views: cut out the box, scale it to the sample's size, mirror it if `flip`,
    do the operations in their order, and mix the result with another sample's view.

    `boxes` is int64 [b, 4] of (left, top, width, height) in the sample's pixels, and may reach over
    the border, where pixels are 0, or the sample mirrored if `reflect`. `flips` is bool [b].
    `mixture` is None where views are not mixed, `operations` where there are none; else they are
    int32 [b, k, 7], rows as in `operations.py`, those that do nothing at the end.
    """

    boxes: NDArray[np.int64]
    flips: NDArray[np.bool_]
    mixture: Mixture | None = None
    operations: NDArray[np.int32] | None = None
    reflect: bool = False

    def __len__(self) -> int:
        return len(self.flips)


@dataclass(frozen=True)
class Mixture:
    """The other halves of b mixed views: with whom, how, and the partners' views."""

    draw: MixingDraw
    views: Views


Augmentation = (
    PadCrop
    | RandomResizedCrop
    | HorizontalFlip
    | RandomRotation
    | RandomAffine
    | ColorJitter
    | Grayscale
    | Blur
    | Cutout
    | RandomErasing
    | RandAugment
    | AutoAugment
    | TrivialAugment
)
"""Sets one `part` of a view: "crop", "flip" or "operations"."""

_PARSERS: dict[str, Callable[[str], Augmentation]] = {
    "affine": RandomAffine.parse,
    "autoaugment": AutoAugment.parse,
    "blur": Blur.parse,
    "color-jitter": ColorJitter.parse,
    "cutout": Cutout.parse,
    "erasing": RandomErasing.parse,
    "flip": HorizontalFlip.parse,
    "grayscale": Grayscale.parse,
    "pad-crop": PadCrop.parse,
    "randaugment": RandAugment.parse,
    "resized-crop": RandomResizedCrop.parse,
    "rotate": RandomRotation.parse,
    "trivialaugment": TrivialAugment.parse,
}


@dataclass(frozen=True)
class ViewPolicy:
    """What may happen to a sample: at most one augmentation that crops and one that flips, then
    augmentations by operations, none of them twice, and mixing."""

    augmentations: tuple[Augmentation, ...] = ()
    mixing: Mixing = Mixing()

    @classmethod
    def parse(cls, text: str) -> ViewPolicy:
        """Reads "pad-crop:2,flip"; "none" or nothing is the policy without augmentations.

        Raises ValueError for an unknown augmentation, a bad parameter, two augmentations that set
        the same part of a view, an augmentation by operations twice or before crop and flip, and
        where something comes after mixing.
        """
        if text.strip(" ") in ("", "none"):
            return cls()
        augmentations: list[Augmentation] = []
        mixing = Mixing()
        for piece in (piece.strip(" ") for piece in text.split(",")):
            if Mixing.is_mixing(piece):
                mixing = mixing.with_way(piece)
                continue
            if mixing:
                raise ValueError(
                    f"view policy '{text}': expected mixing to come last, found {piece} after it"
                )
            found = _parse_augmentation(piece)
            for earlier in augmentations:
                _check_order(text, earlier, found)
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
        views = self._draw_unmixed(ViewKeys(seed, epochs, indices), shape)
        if not self.mixing:
            return views
        if samples is None:
            raise ValueError(f"draw: expected the number of samples, which {self.mixing} needs")
        mix = self.mixing.draw(seed, epochs, indices, shape[1:], samples)
        partners = self._draw_unmixed(ViewKeys(seed, epochs, mix.partners), shape)
        return replace(views, mixture=Mixture(mix, partners))

    def _draw_unmixed(self, keys: ViewKeys, shape: ImageShape) -> Views:
        boxes = np.tile(np.array([0, 0, shape[2], shape[1]]), (len(keys), 1))
        flips, reflect = np.zeros(len(keys), np.bool_), False
        operations: list[NDArray[np.int32]] = []
        for augmentation in self.augmentations:
            drawn = augmentation.draw(keys, shape)
            if augmentation.part == "crop":
                boxes, reflect = drawn, augmentation.reflect
            elif augmentation.part == "flip":
                flips = drawn
            else:
                operations.append(drawn)
        joined = in_order(operations, len(keys)) if operations else None
        return Views(boxes, flips, operations=joined, reflect=reflect)


def _parse_augmentation(text: str) -> Augmentation:
    name, colon, parameter = text.partition(":")
    if name not in _PARSERS:
        raise ValueError(f"unknown augmentation '{name}'; known: {', '.join(_PARSERS)}")
    if colon and not parameter:
        raise ValueError(f"'{text}': expected a parameter after the colon")
    return _PARSERS[name](parameter)


def _check_order(text: str, earlier: Augmentation, later: Augmentation) -> None:
    """Raises ValueError where `later` must not follow `earlier` in the policy `text`."""
    operation = later.part == "operations"
    if earlier.part == later.part and (not operation or type(earlier) is type(later)):
        raise ValueError(
            f"view policy '{text}': expected one augmentation per part of a view, "
            f"found {earlier} and {later}"
        )
    if earlier.part == "operations" and not operation:
        raise ValueError(
            f"view policy '{text}': expected crop and flip before all else, "
            f"found {later} after {earlier}"
        )
