"""Operations on pixels as rows of integers: [..., 7] of a kind and six parameters, int32.

Equal to Tandem's C++ bit for bit; docs/views.md, "Operations", says what the parameters mean. The
functions here make rows [b, 7] of the numbers that torchvision's functions of the same names take,
[b] or one for all, rounded once.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem_targets import libm

NO_OPERATION = -1
"""What fills a row in which nothing is done."""

_ONE = 65536  # of factors and of affine maps
_TURN = 6 * 4096  # of hues
_SIGMA_UNIT = 1024  # of a blur's standard deviation
_DEGREE = np.pi / 180


class OperationKind(IntEnum):
    """Which operation a row is."""

    AFFINE = 0
    BRIGHTNESS = 1
    CONTRAST = 2
    SATURATION = 3
    HUE = 4
    GRAYSCALE = 5
    BLUR = 6
    SHARPNESS = 7
    POSTERIZE = 8
    SOLARIZE = 9
    AUTO_CONTRAST = 10
    EQUALIZE = 11
    INVERT = 12
    ERASE = 13


def operation(kind: OperationKind, *parameters: ArrayLike) -> NDArray[np.int32]:
    """Rows of `kind` with whole parameters, [b, 7] ([7] if all are single numbers)."""
    words = np.broadcast_arrays(int(kind), *parameters)
    rows = np.zeros((*words[0].shape, 7), np.int32)
    for place, word in enumerate(words):
        rows[..., place] = word
    return rows


def nearest(values: ArrayLike) -> NDArray[np.int64]:
    """To the nearest integers, halves up."""
    return np.floor(np.asarray(values) + 0.5).astype(np.int64)


def by_factor(kind: OperationKind, factors: ArrayLike) -> NDArray[np.int32]:
    """Brightness, contrast, saturation or sharpness; 1 leaves the image as it is."""
    return operation(kind, nearest(np.asarray(factors) * _ONE))


def hue(turns: ArrayLike) -> NDArray[np.int32]:
    """Turns of the colour wheel, -0.5..0.5."""
    return operation(OperationKind.HUE, nearest(np.asarray(turns) * _TURN) % _TURN)


def gaussian_blur(radius: ArrayLike, sigmas: ArrayLike) -> NDArray[np.int32]:
    """2 `radius` + 1 taps an axis."""
    sigma = np.maximum(nearest(np.asarray(sigmas) * _SIGMA_UNIT), 1)
    return operation(OperationKind.BLUR, radius, sigma)


def affine(
    centre: tuple[float, float],
    degrees: ArrayLike = 0.0,
    dx: ArrayLike = 0.0,
    dy: ArrayLike = 0.0,
    scale: ArrayLike = 1.0,
    shear_x_degrees: ArrayLike = 0.0,
    shear_y_degrees: ArrayLike = 0.0,
) -> NDArray[np.int32]:
    """Moves the image about `centre`, (x, y) in pixels: turns it clockwise, shifts, scales and
    shears it."""
    turn = np.asarray(degrees) * _DEGREE
    shear_x, shear_y = np.asarray(shear_x_degrees) * _DEGREE, np.asarray(shear_y_degrees) * _DEGREE
    # torchvision's _get_inverse_affine_matrix: rotation, scale and shear, backwards.
    a = libm.cos(turn - shear_y) / libm.cos(shear_y)
    b = -a * libm.tan(shear_x) - libm.sin(turn)
    c = libm.sin(turn - shear_y) / libm.cos(shear_y)
    d = -c * libm.tan(shear_x) + libm.cos(turn)
    xx, xy, yx, yy = d / scale, -b / scale, -c / scale, a / scale
    from_x, from_y = -centre[0] - np.asarray(dx), -centre[1] - np.asarray(dy)
    x0 = xx * from_x + xy * from_y + centre[0]
    y0 = yx * from_x + yy * from_y + centre[1]
    # From the centre of the first pixel on.
    numbers = (xx, xy, x0 + 0.5 * xx + 0.5 * xy, yx, yy, y0 + 0.5 * yx + 0.5 * yy)
    return operation(OperationKind.AFFINE, *(nearest(number * _ONE) for number in numbers))


def centre_of(shape: tuple[int, int, int]) -> tuple[float, float]:
    """(x, y) of the centre of an image of (channels, height, width)."""
    return 0.5 * shape[2], 0.5 * shape[1]


def where_done(done: NDArray[np.bool_], rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """`rows` ([b, 7], or [7] for all) where `done` [b], else rows that do nothing."""
    return np.where(done[:, None], rows, np.int32(NO_OPERATION))


def in_order(operations: list[NDArray[np.int32]], count: int) -> NDArray[np.int32]:
    """Joins arrays [b, k, 7] of `count` views: those that do something come first, in their order,
    and there are as many places as the view with most needs."""
    joined = np.concatenate([np.empty((count, 0, 7), np.int32), *operations], axis=1)
    idle = joined[:, :, 0] == NO_OPERATION
    order = np.argsort(idle, axis=1, kind="stable")
    places = int((~idle).sum(axis=1).max(initial=0))
    return np.take_along_axis(joined, order[:, :, None], axis=1)[:, :places]
