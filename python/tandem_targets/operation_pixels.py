"""Operations on the pixels of views, after crop and flip.

Equal to Tandem's C++ bit for bit; docs/views.md, "Operations", is the specification of both. Every
function takes pixels uint8 [n, channels, height, width] and n rows of parameters, int64 [n, 6], and
returns new pixels. All arithmetic is on integers.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tandem_targets.operations import NO_OPERATION, OperationKind

Pixels = NDArray[np.uint8]
Parameters = NDArray[np.int64]

_WEIGHT_BITS = 11  # of a blur
_SEXTANT = 4096  # of the colour wheel
_WHEEL = 6 * _SEXTANT


def apply_operations(pixels: Pixels, operations: NDArray[np.int32]) -> None:
    """Does the operations [b, k, 7] of each view [b] in their order, in place."""
    for step in range(operations.shape[1]):
        kinds = operations[:, step, 0]
        for kind in np.unique(kinds):
            if kind != NO_OPERATION:
                rows = np.flatnonzero(kinds == kind)
                parameters = operations[rows, step, 1:].astype(np.int64)
                pixels[rows] = _BY_KIND[OperationKind(kind)](pixels[rows], parameters)


def reflected(places: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Places within 0..size-1, mirrored at the outermost pixels as often as it takes."""
    period = max(2 * (size - 1), 1)
    within = places % period
    return np.minimum(within, period - within)


def _each(parameters: NDArray) -> NDArray:
    """One number a view, against [n, channels, height, width]."""
    return parameters[:, None, None, None]


def _blend(start: NDArray | int, end: NDArray, factors: NDArray[np.int64]) -> Pixels:
    """From `start` towards `end` by factors [n] of 1/65536."""
    value = (start * 65536 + _each(factors.astype(np.int32)) * (end - start)) >> 16
    return np.clip(value, 0, 255).astype(np.uint8)


def _gray(pixels: Pixels) -> NDArray[np.int32]:
    """Grey values of colours, [n, 1, height, width]."""
    red, green, blue = (pixels[:, channel, None].astype(np.int32) for channel in range(3))
    return (red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16


def _affine(pixels: Pixels, parameters: Parameters) -> Pixels:
    count, channels, height, width = pixels.shape
    x, y = np.arange(width), np.arange(height)[:, None]
    a, b, c, d, e, f = (parameters[:, place, None, None] for place in range(6))
    column, row = (a * x + b * y + c) >> 16, (d * x + e * y + f) >> 16
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    places = np.where(inside, row * width + column, 0).reshape(count, 1, -1)
    moved = np.take_along_axis(pixels.reshape(count, channels, -1), places, axis=2)
    return np.where(inside[:, None], moved.reshape(pixels.shape), np.uint8(0))


def _brightness(pixels: Pixels, parameters: Parameters) -> Pixels:
    return _blend(0, pixels.astype(np.int32), parameters[:, 0])


def _contrast(pixels: Pixels, parameters: Parameters) -> Pixels:
    grays = _gray(pixels) if pixels.shape[1] == 3 else pixels.astype(np.int32)
    count = grays[0].size
    means = (2 * grays.sum(axis=(1, 2, 3), dtype=np.int64) + count) // (2 * count)
    return _blend(_each(means.astype(np.int32)), pixels.astype(np.int32), parameters[:, 0])


def _saturation(pixels: Pixels, parameters: Parameters) -> Pixels:
    if pixels.shape[1] != 3:
        return pixels
    return _blend(_gray(pixels), pixels.astype(np.int32), parameters[:, 0])


def _grayscale(pixels: Pixels, parameters: Parameters) -> Pixels:
    if pixels.shape[1] != 3:
        return pixels
    return np.repeat(_gray(pixels).astype(np.uint8), 3, axis=1)


def _hue(pixels: Pixels, parameters: Parameters) -> Pixels:
    if pixels.shape[1] != 3:
        return pixels
    red, green, blue = (pixels[:, channel].astype(np.int32) for channel in range(3))
    high, low = pixels.max(axis=1).astype(np.int32), pixels.min(axis=1).astype(np.int32)
    chroma = high - low
    most = [high == red, high == green]
    difference = np.select(most, [green - blue, blue - red], red - green)
    begin = np.select(most, [np.int32(0), np.int32(2 * _SEXTANT)], np.int32(4 * _SEXTANT))
    divisor = np.maximum(chroma, 1)  # where it is 0, so is the difference
    reciprocal = ((1 << 24) + divisor // 2) // divisor
    place = begin + ((difference * reciprocal + 2048) >> 12)
    place += parameters[:, 0, None, None].astype(np.int32)
    place[place < 0] += _WHEEL
    place[place >= _WHEEL] -= _WHEEL
    part = (chroma * (place & (_SEXTANT - 1)) + 2048) >> 12
    up, down = low + part, high - part
    sextants = [place >> 12 == sextant for sextant in range(5)]
    up, down, high, low = (values.astype(np.uint8) for values in (up, down, high, low))
    channels = (
        np.select(sextants, [high, down, low, low, up], high),
        np.select(sextants, [up, high, high, down, low], low),
        np.select(sextants, [low, low, up, high, high], down),
    )
    return np.stack(channels, axis=1)


def _gaussian_weights(radius: int, sigma: int) -> list[int]:
    """Weights of the places -radius..radius; they sum to 2^11."""
    deviation = sigma / 1024
    bell = [math.exp(-0.5 * j * j / (deviation * deviation)) for j in range(radius + 1)]
    total = 1.0
    for height in bell[1:]:  # one by one: the order is part of the sum's last bit
        total += 2 * height
    side = [int((1 << _WEIGHT_BITS) * height / total + 0.5) for height in bell[1:]]
    return [*reversed(side), (1 << _WEIGHT_BITS) - 2 * sum(side), *side]


def _blur(pixels: Pixels, parameters: Parameters) -> Pixels:
    blurred = np.empty_like(pixels)
    for radius in np.unique(parameters[:, 0]).tolist():
        rows = np.flatnonzero(parameters[:, 0] == radius)
        sigmas = parameters[rows, 1].tolist()
        weights = np.array([_gaussian_weights(radius, sigma) for sigma in sigmas], np.int64)
        blurred[rows] = _weighted(pixels[rows], radius, weights.astype(np.uint32))
    return blurred


def _weighted(pixels: Pixels, radius: int, weights: NDArray[np.uint32]) -> Pixels:
    """Sums over rows and then columns, modulo 2^32, with weights [n, 2 radius + 1]."""
    height, width = pixels.shape[2:]
    x, y = np.arange(width), np.arange(height)
    wide = pixels.astype(np.uint32)
    rows = np.zeros_like(wide)
    total = np.full_like(wide, 1 << (2 * _WEIGHT_BITS - 1))
    for tap in range(-radius, radius + 1):
        rows += _each(weights[:, tap + radius]) * wide[..., reflected(x + tap, width)]
    for tap in range(-radius, radius + 1):
        total += _each(weights[:, tap + radius]) * rows[:, :, reflected(y + tap, height)]
    return (total >> (2 * _WEIGHT_BITS)).astype(np.uint8)


def _sharpness(pixels: Pixels, parameters: Parameters) -> Pixels:
    height, width = pixels.shape[2:]
    if height < 3 or width < 3:
        return pixels
    wide = pixels.astype(np.int32)
    inner = wide[:, :, 1:-1, 1:-1]
    total = 4 * inner
    for y in range(3):
        for x in range(3):
            total += wide[:, :, y : y + height - 2, x : x + width - 2]
    sharpened = pixels.copy()
    sharpened[:, :, 1:-1, 1:-1] = _blend((2 * total + 13) // 26, inner, parameters[:, 0])
    return sharpened


def _posterize(pixels: Pixels, parameters: Parameters) -> Pixels:
    return (pixels & _each(256 - (256 >> parameters[:, 0]))).astype(np.uint8)


def _solarize(pixels: Pixels, parameters: Parameters) -> Pixels:
    return np.where(pixels >= _each(parameters[:, 0]), 255 - pixels, pixels)


def _auto_contrast(pixels: Pixels, parameters: Parameters) -> Pixels:
    low = pixels.min(axis=(2, 3), keepdims=True).astype(np.int64)
    span = pixels.max(axis=(2, 3), keepdims=True) - low
    stretched = (pixels - low) * 255 // np.maximum(span, 1)
    return np.where(span == 0, pixels, stretched.astype(np.uint8))


def _equalize(pixels: Pixels, parameters: Parameters) -> Pixels:
    area = pixels.shape[2] * pixels.shape[3]
    planes = pixels.reshape(-1, area).astype(np.int64)
    plane = np.arange(len(planes))
    counts = np.bincount((planes + 256 * plane[:, None]).ravel(), minlength=256 * len(planes))
    counts = counts.reshape(-1, 256)
    step = ((area - counts[plane, planes.max(axis=1)]) // 255)[:, None]
    ranks = step // 2 + np.cumsum(counts, axis=1) - counts  # those of less than each value
    tones = np.minimum(ranks // np.maximum(step, 1), 255)
    tones = np.where(step == 0, np.arange(256), tones)
    return np.take_along_axis(tones, planes, axis=1).astype(np.uint8).reshape(pixels.shape)


def _invert(pixels: Pixels, parameters: Parameters) -> Pixels:
    return 255 - pixels


def _erase(pixels: Pixels, parameters: Parameters) -> Pixels:
    height, width = pixels.shape[2:]
    x, y = np.arange(width), np.arange(height)[:, None]
    left, top, box_width, box_height = (parameters[:, place, None, None] for place in range(4))
    within = (x >= left) & (x < left + box_width) & (y >= top) & (y < top + box_height)
    return np.where(within[:, None], np.uint8(0), pixels)


_BY_KIND = {
    OperationKind.AFFINE: _affine,
    OperationKind.BRIGHTNESS: _brightness,
    OperationKind.CONTRAST: _contrast,
    OperationKind.SATURATION: _saturation,
    OperationKind.HUE: _hue,
    OperationKind.GRAYSCALE: _grayscale,
    OperationKind.BLUR: _blur,
    OperationKind.SHARPNESS: _sharpness,
    OperationKind.POSTERIZE: _posterize,
    OperationKind.SOLARIZE: _solarize,
    OperationKind.AUTO_CONTRAST: _auto_contrast,
    OperationKind.EQUALIZE: _equalize,
    OperationKind.INVERT: _invert,
    OperationKind.ERASE: _erase,
}
