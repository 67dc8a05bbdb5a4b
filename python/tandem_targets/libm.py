"""Functions of the C library, element by element.

NumPy has exp, pow, sin and others of its own on some processors, which differ from the C library's
in the last bit of every other value or so; the C++ program uses the C library's.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray


def _elementwise(function: Callable[..., float]) -> Callable[..., NDArray[np.float64]]:
    """`function` of the elements of arrays that broadcast."""

    def of_arrays(*arrays: ArrayLike) -> NDArray[np.float64]:
        broadcast = np.broadcast_arrays(*(np.asarray(array, np.float64) for array in arrays))
        lists = (array.ravel().tolist() for array in broadcast)
        values = np.fromiter(map(function, *lists), np.float64, broadcast[0].size)
        return values.reshape(broadcast[0].shape)

    return of_arrays


exp = _elementwise(math.exp)
power = _elementwise(math.pow)
sin = _elementwise(math.sin)
cos = _elementwise(math.cos)
tan = _elementwise(math.tan)
arctan = _elementwise(math.atan)
