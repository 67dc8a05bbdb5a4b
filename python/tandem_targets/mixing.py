"""MixUp and CutMix: with which sample each view is mixed, and in what proportion.

Equal to Tandem's C++; docs/views.md, "Mixing", is the specification of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandem_targets import libm
from tandem_targets.keys import RandomStreams, Stream
from tandem_targets.parameters import numbers_of, text_of

FUSION_EPOCH = 2**31
"""First epoch of the views that fusion draws, which are never mixed."""

_MIN_ALPHA, _MAX_ALPHA = 0.05, 4.0
_HALF_STEP = 2.0**-33


@dataclass(frozen=True)
class MixingDraw:
    """What b views are mixed with. Views of fusion are their own partners, with a share of 1.

    `partners` is int64 [b], samples; `shares` fp64 [b], what stays with the view's own sample;
    `cuts` bool [b], whether the partner shows in the patch alone; `patches` int64 [b, 4] of (left,
    top, width, height) in the view's pixels, empty where there is none.
    """

    partners: NDArray[np.int64]
    shares: NDArray[np.float64]
    cuts: NDArray[np.bool_]
    patches: NDArray[np.int64]


@dataclass(frozen=True)
class Mixing:
    """"mixup:ALPHA" (Zhang et al., arXiv:1710.09412), "cutmix:ALPHA" (Yun et al.,
    arXiv:1905.04899), or both, each as often."""

    mixup: float | None = None
    cutmix: float | None = None

    @staticmethod
    def is_mixing(text: str) -> bool:
        """Whether `text` is what `with_way` takes."""
        return text.partition(":")[0] in ("mixup", "cutmix")

    def with_way(self, text: str) -> Mixing:
        """This and one more way. ValueError for a bad parameter and a way that is there already."""
        name, colon, parameter = text.partition(":")
        alpha = numbers_of(f"{name}:ALPHA", parameter, 1, 1)[0] if colon else 1.0
        if not _MIN_ALPHA <= alpha <= _MAX_ALPHA:
            raise ValueError(
                f"{name}: expected ALPHA in {_MIN_ALPHA}..{text_of(_MAX_ALPHA)}, "
                f"found {text_of(alpha)}"
            )
        if getattr(self, name) is not None:
            raise ValueError(f"expected one {name}, found two")
        return Mixing(**{**self.__dict__, name: alpha})

    def __bool__(self) -> bool:
        return self.mixup is not None or self.cutmix is not None

    def __str__(self) -> str:
        ways = (("mixup", self.mixup), ("cutmix", self.cutmix))
        return ",".join(
            f"{name}:{text_of(alpha)}" for name, alpha in ways if alpha is not None
        )

    def draw(
        self,
        seed: int,
        epochs: NDArray[np.int64],
        indices: NDArray[np.int64],
        size: tuple[int, int],
        samples: int,
    ) -> MixingDraw:
        """For views [b] of `size` (height, width) of a set of `samples`."""
        draw = MixingDraw(
            partners=np.array(indices, np.int64),
            shares=np.ones(len(indices)),
            cuts=np.zeros(len(indices), np.bool_),
            patches=np.zeros((len(indices), 4), np.int64),
        )
        rows = np.flatnonzero(np.asarray(epochs) < FUSION_EPOCH)
        streams = RandomStreams(seed, Stream.MIX, np.asarray(epochs)[rows], draw.partners[rows])
        if self.mixup is not None and self.cutmix is not None:
            draw.cuts[rows] = streams.below(2) == 1
        else:
            draw.cuts[rows] = self.cutmix is not None
        draw.partners[rows] = streams.below(samples)
        chosen = draw.cuts[rows]
        for some, share, _ in _draw_beta(rows[~chosen], streams.select(~chosen), self.mixup):
            draw.shares[some] = np.floor(share * 256 + 0.5) / 256
        for some, share, rest in _draw_beta(rows[chosen], streams.select(chosen), self.cutmix):
            draw.patches[some] = _draw_patches(rest, share, size)
            area = draw.patches[some, 2] * draw.patches[some, 3]
            draw.shares[some] = 1 - area / (size[0] * size[1])
        return draw


def _draw_beta(
    rows: NDArray[np.int64], streams: RandomStreams, alpha: float | None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64], RandomStreams]]:
    """Beta(alpha, alpha) for each row by Jöhnk's method: round by round those rows that are done,
    their numbers and the rest of their streams."""
    while len(rows):
        x = libm.power(streams.uniform() + _HALF_STEP, 1 / alpha)
        y = libm.power(streams.uniform() + _HALF_STEP, 1 / alpha)
        good = x + y <= 1
        yield rows[good], x[good] / (x + y)[good], streams.select(good)
        rows, streams = rows[~good], streams.select(~good)


def _draw_patches(
    streams: RandomStreams, shares: NDArray[np.float64], size: tuple[int, int]
) -> NDArray[np.int64]:
    """Boxes of 1 - share of the image's area around a uniform place, cut off at the border."""
    height, width = size
    half = 0.5 * np.sqrt(1 - shares)
    sides = []
    for extent_of_image in (width, height):
        extent = (half * extent_of_image).astype(np.int64)
        centre = streams.below(extent_of_image)
        first = np.maximum(centre - extent, 0)
        sides.append((first, np.minimum(centre + extent, extent_of_image) - first))
    (left, width_of_box), (top, height_of_box) = sides
    return np.stack([left, top, width_of_box, height_of_box], axis=1)
