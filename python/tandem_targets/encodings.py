"""Encodings of a target: which tensors hold it, and how their rows become fp32 targets."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Layout = dict[str, tuple[np.dtype, tuple[int, ...]]]
"""Dtype and the shape of one row, by tensor name."""

_PROB_OF_CODE = np.exp(-16.0 * (np.arange(256) / 255.0) ** 2).astype(np.float32)
_MAX_BYTE_CLASSES = 256
_MAX_CLASSES = 32768


@dataclass(frozen=True)
class Encoding:
    """`number` is "fp32", "fp16" or "u8"; with `top_k`, only the K likeliest classes are stored."""

    number: str
    top_k: int | None = None

    @classmethod
    def parse(cls, text: str) -> Encoding:
        """Reads "fp32", "fp16", "u8", "top-k:K:fp16" or "top-k:K:u8"; else ValueError."""
        if text in ("fp32", "fp16", "u8"):
            return cls(text)
        found = re.fullmatch(r"top-k:([1-9][0-9]{0,4}):(fp16|u8)", text)
        if found is None:
            raise ValueError(
                f"expected fp32, fp16, u8, top-k:K:fp16 or top-k:K:u8, got '{text}'"
            )
        return cls(found[2], int(found[1]))

    def __str__(self) -> str:
        return self.number if self.top_k is None else f"top-k:{self.top_k}:{self.number}"

    def layout(self, content: str, width: int) -> Layout:
        """The row tensors of targets of `width` scalars. ValueError where they cannot be."""
        number = np.dtype({"fp32": "<f4", "fp16": "<f2", "u8": "|u1"}[self.number])
        if self.top_k is not None:
            if content != "probs" or not self.top_k <= width <= _MAX_CLASSES:
                raise ValueError(
                    f"{self} needs probs of {self.top_k}..{_MAX_CLASSES} classes, "
                    f"got {content} of {width}"
                )
            id_type = np.dtype("|u1" if width <= _MAX_BYTE_CLASSES else "<i2")
            return {"classes": (id_type, (self.top_k,)), "log_probs": (number, (self.top_k,))}
        if self.number == "u8" and content != "probs":
            return {"ranges": (np.dtype("<f2"), (2,)), "values": (number, (width,))}
        return {"values": (number, (width,))}

    def find_fault(self, rows: dict[str, NDArray], width: int) -> str | None:
        """Says what is wrong with class ids that no checksum can vouch for; None if nothing is."""
        if self.top_k is None:
            return None
        classes = rows["classes"]
        if classes.min(initial=0) < 0 or classes.max(initial=0) >= width:
            return f"expected classes in 0..{width - 1}, got {classes.min()}..{classes.max()}"
        ordered = np.sort(classes, axis=1)
        if (ordered[:, 1:] == ordered[:, :-1]).any():
            return "expected distinct classes in a row, got one twice"
        return None

    def decode(self, rows: dict[str, NDArray], content: str, width: int) -> NDArray[np.float32]:
        """Targets fp32 [b, width] of `rows`, the tensors of `layout` with b rows each."""
        if self.top_k is not None:
            return self._decode_top_k(rows["classes"], rows["log_probs"], width)
        values = rows["values"]
        if self.number != "u8":
            return values.astype(np.float32)
        if content == "probs":
            probs = _PROB_OF_CODE[values]
            return probs / probs.sum(axis=1, keepdims=True)
        ranges = rows["ranges"].astype(np.float32)
        return ranges[:, :1] + ranges[:, 1:] * values

    def _decode_top_k(
        self, classes: NDArray, log_probs: NDArray, width: int
    ) -> NDArray[np.float32]:
        if self.number == "u8":
            probs = _PROB_OF_CODE[log_probs]
        else:
            probs = np.exp(log_probs.astype(np.float32))
        total = probs.sum(axis=1, keepdims=True)
        others = width - probs.shape[1]
        rest = np.maximum((1 - total) / max(others, 1), _PROB_OF_CODE[-1] / width)
        targets = np.repeat(rest.astype(np.float32), width, axis=1)
        np.put_along_axis(targets, classes.astype(np.int64), probs, axis=1)
        return targets / (total + others * rest)
