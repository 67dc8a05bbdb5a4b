"""Pixels of views, and their normalisation to network input.

Equal to Tandem's C++ bit for bit; docs/views.md, "Pixels", is the specification of both.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from tandem_targets.operation_pixels import apply_operations, reflected
from tandem_targets.views import Views

_WEIGHT_BITS = 11


def apply_views(
    images: NDArray[np.uint8], indices: ArrayLike, views: Views
) -> NDArray[np.uint8]:
    """Pixels of the views: view k of sample `indices[k]`, uint8 [b, channels, height, width].

    `images` is uint8 [n, channels, height, width]. Integer arithmetic throughout. Raises ValueError
    for other images, unequal counts, an index out of range and an empty box.
    """
    indices = np.asarray(indices)
    _check(images, indices, views)
    height, width = images.shape[2:]
    boxes = views.boxes
    shifted = (boxes[:, 2] == width) & (boxes[:, 3] == height)
    shift = _shift_reflected if views.reflect else _shift
    if shifted.all():
        pixels = shift(images, indices, boxes)
    else:
        pixels = np.empty((len(indices), *images.shape[1:]), np.uint8)
        pixels[shifted] = shift(images, indices[shifted], boxes[shifted])
        pixels[~shifted] = _scale(images, indices[~shifted], boxes[~shifted])
    pixels[views.flips] = pixels[views.flips][..., ::-1]
    if views.operations is not None:
        apply_operations(pixels, views.operations)
    if views.mixture is not None:
        _mix(pixels, apply_views(images, views.mixture.draw.partners, views.mixture.views), views)
    return pixels


def normalise(
    pixels: NDArray[np.uint8], mean: ArrayLike, stddev: ArrayLike
) -> NDArray[np.float32]:
    """`(pixel / 255 - mean) / stddev` per channel, computed in fp64 and rounded to fp32 once.

    `pixels` is uint8 [b, channels, height, width]; `mean` and `stddev` are [channels], in units of
    0..1 (see `channel_statistics`). Raises ValueError for other counts and a stddev not above 0.
    """
    mean, stddev = np.asarray(mean, np.float64), np.asarray(stddev, np.float64)
    channels = pixels.shape[1]
    if mean.shape != (channels,) or stddev.shape != (channels,):
        raise ValueError(
            f"normalise: expected mean and stddev of {channels} channel(s), "
            f"got shapes {list(mean.shape)} and {list(stddev.shape)}"
        )
    if not (stddev > 0).all():
        raise ValueError(f"normalise: expected a positive stddev, got {stddev.tolist()}")
    values = np.arange(256) / 255.0
    tables = ((values - mean[:, None]) / stddev[:, None]).astype(np.float32)
    output = np.empty(pixels.shape, np.float32)
    for channel, table in enumerate(tables):
        output[:, channel] = table[pixels[:, channel]]
    return output


def channel_statistics(images: NDArray[np.uint8]) -> tuple[list[float], list[float]]:
    """Mean and population standard deviation of each channel over all pixels, in units of 0..1."""
    means, stddevs = [], []
    for channel in range(images.shape[1]):
        counts = np.bincount(images[:, channel].ravel(), minlength=256)
        shares = (counts / counts.sum()).tolist()
        # Added up one by one: the order is part of the result's last bit.
        mean = variance = 0.0
        for value, share in enumerate(shares):
            mean += value / 255.0 * share
        for value, share in enumerate(shares):
            distance = value / 255.0 - mean
            variance += distance * distance * share
        means.append(mean)
        stddevs.append(math.sqrt(variance))
    return means, stddevs


def _check(images: NDArray, indices: NDArray, views: Views) -> None:
    if images.dtype != np.uint8 or images.ndim != 4:
        raise ValueError(
            "apply_views: expected uint8 images [n, channels, height, width], "
            f"got {images.dtype} {list(images.shape)}"
        )
    if indices.shape != (len(views),):
        raise ValueError(
            f"apply_views: expected as many views as indices, "
            f"got {len(views)} and indices of shape {list(indices.shape)}"
        )
    if indices.size and (indices.min() < 0 or indices.max() >= len(images)):
        raise ValueError(
            f"apply_views: expected indices in 0..{len(images) - 1}, "
            f"got {indices.min()}..{indices.max()}"
        )
    if (views.boxes[:, 2:] < 1).any():
        row = int(np.argmax((views.boxes[:, 2:] < 1).any(axis=1)))
        raise ValueError(
            "apply_views: expected boxes of at least one pixel, "
            f"got {views.boxes[row].tolist()} at view {row}"
        )


def _mix(pixels: NDArray[np.uint8], others: NDArray[np.uint8], views: Views) -> None:
    """Mixes `others`, the partners' pixels, into `pixels`."""
    draw = views.mixture.draw
    blended = ~draw.cuts
    own = (draw.shares[blended] * 256).astype(np.uint32)[:, None, None, None]
    pixels[blended] = (pixels[blended] * own + others[blended] * (256 - own) + 128) >> 8
    for row in np.flatnonzero(draw.cuts):
        left, top, width, height = draw.patches[row]
        patch = (row, slice(None), slice(top, top + height), slice(left, left + width))
        pixels[patch] = others[patch]


def _shift(
    images: NDArray[np.uint8], indices: NDArray[np.int64], boxes: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Boxes of the samples' own size: windows of the padded samples."""
    height, width = images.shape[2:]
    # A shift beyond the sample shows nothing of it, however far it goes.
    left = np.clip(boxes[:, 0], -width, width)
    top = np.clip(boxes[:, 1], -height, height)
    x_pad, y_pad = (int(np.abs(shift).max(initial=0)) for shift in (left, top))
    padded = np.zeros(
        (len(indices), images.shape[1], height + 2 * y_pad, width + 2 * x_pad), np.uint8
    )
    padded[:, :, y_pad : y_pad + height, x_pad : x_pad + width] = images[indices]
    windows = sliding_window_view(padded, (height, width), axis=(2, 3))
    return windows[np.arange(len(indices)), :, top + y_pad, left + x_pad]


def _shift_reflected(
    images: NDArray[np.uint8], indices: NDArray[np.int64], boxes: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Boxes of the samples' own size; beyond the border the samples are mirrored."""
    channels, height, width = images.shape[1:]
    rows = reflected(boxes[:, 1, None] + np.arange(height), height)
    columns = reflected(boxes[:, 0, None] + np.arange(width), width)
    channel = np.arange(channels)[:, None, None]
    at = indices[:, None, None, None]
    return images[at, channel, rows[:, None, :, None], columns[:, None, None, :]]


def _taps(
    origins: NDArray[np.int64], extents: NDArray[np.int64], size: int
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """What each of `size` output places mixes along one axis, for b boxes; all [b, size].

    Returns (low, high, low weight, high weight): places within the sample, and 11-bit weights,
    which are 0 for places outside.
    """
    origins, extents = origins[:, None], extents[:, None]
    source = np.maximum((2 * np.arange(size) + 1) * extents - size, 0)  # in units of 1 / 2 size
    first, fraction = np.divmod(source, 2 * size)
    high_weight = ((fraction << _WEIGHT_BITS) + size) // (2 * size)
    places, weights = [], []
    for place, weight in (
        (origins + first, (1 << _WEIGHT_BITS) - high_weight),
        (origins + np.minimum(first + 1, extents - 1), high_weight),
    ):
        inside = (place >= 0) & (place < size)
        places.append(np.where(inside, place, 0))
        weights.append(np.where(inside, weight, 0).astype(np.int32))
    return places[0], places[1], weights[0], weights[1]


def _scale(
    images: NDArray[np.uint8], indices: NDArray[np.int64], boxes: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Boxes of other sizes, bilinear. Sums of integers are exact: rows may come before columns."""
    height, width = images.shape[2:]
    low, high, low_weight, high_weight = _taps(boxes[:, 1], boxes[:, 3], height)
    samples = images.transpose(0, 2, 1, 3)  # rows before channels: one gather takes whole rows
    at = indices[:, None]
    mixed = samples[at, low] * low_weight[:, :, None, None]  # int32 [b, height, channels, width]
    mixed += samples[at, high] * high_weight[:, :, None, None]

    low, high, low_weight, high_weight = (
        taps[:, None, None, :] for taps in _taps(boxes[:, 0], boxes[:, 2], width)
    )
    total = np.take_along_axis(mixed, low, axis=3) * low_weight
    total += np.take_along_axis(mixed, high, axis=3) * high_weight
    total += 1 << (2 * _WEIGHT_BITS - 1)
    total >>= 2 * _WEIGHT_BITS
    return total.astype(np.uint8).transpose(0, 2, 1, 3)
