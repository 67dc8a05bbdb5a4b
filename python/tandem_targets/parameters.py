"""The parameters of augmentations as text, "name:A-B-C": reading, writing, refusing."""

from __future__ import annotations

import math
import re
from typing import NoReturn

_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def refuse(syntax: str, expected: str, parameter: str) -> NoReturn:
    """Raises ValueError that says what was expected after the name in `syntax`."""
    name = syntax.partition(":")[0]
    raise ValueError(f"{name}: expected {expected}, found parameter '{parameter}'")


def numbers_of(syntax: str, parameter: str, least: int, most: int) -> list[float]:
    """Numbers joined by '-' in the parameter of the augmentation `syntax`, "name:A-B": between
    `least` and `most` of them. Raises ValueError that shows the syntax."""
    numbers: list[float] = []
    place, more = 0, bool(parameter)
    while more:
        match = _NUMBER.match(parameter, place)
        if match is None or not math.isfinite(float(match[0])):
            refuse(syntax, syntax, parameter)
        numbers.append(float(match[0]))
        more = parameter.startswith("-", match.end())
        if not more and match.end() != len(parameter):
            refuse(syntax, syntax, parameter)
        place = match.end() + 1
    if not least <= len(numbers) <= most:
        refuse(syntax, syntax, parameter)
    return numbers


def text_of(number: float) -> str:
    """The shortest text of a number, whole ones without a point."""
    return repr(number).removesuffix(".0")
