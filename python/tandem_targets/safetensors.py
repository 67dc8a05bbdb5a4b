"""Memory-maps safetensors files (https://huggingface.co/docs/safetensors): 8 bytes of header
length, a JSON header, data. Reading one runs no code, and nothing is believed before it is checked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandem_targets.errors import StoreError

_LENGTH_BYTES = 8
_MAX_HEADER_BYTES = 100_000_000
_METADATA = "__metadata__"
_DTYPES = {
    "BOOL": "|b1",
    "U8": "|u1",
    "I8": "|i1",
    "I16": "<i2",
    "F16": "<f2",
    "I32": "<i4",
    "F32": "<f4",
    "I64": "<i8",
    "F64": "<f8",
}


@dataclass(frozen=True)
class TensorFile:
    """Tensors by name, as read-only views into the mapped file, and the metadata."""

    tensors: dict[str, NDArray]
    metadata: dict[str, str]


def map_safetensors(path: str | Path) -> TensorFile:
    """Maps a file. Its tensors are read from the disk when they are touched.

    Raises StoreError that names the path for a truncated or oversized header, broken JSON,
    duplicate keys, unknown dtypes, shapes that disagree with their offsets, and data with gaps or
    overlaps; OSError for a file that cannot be opened.
    """
    size = Path(path).stat().st_size
    if size < _LENGTH_BYTES:
        raise StoreError(f"{path}: expected at least {_LENGTH_BYTES} bytes, got {size}")
    data = np.asarray(np.memmap(path, np.uint8, mode="r"))
    try:
        return _parse(data)
    except _Refused as refused:
        raise StoreError(f"{path}: not a valid safetensors file: {refused}") from None


class _Refused(Exception):
    """Why a header is refused; map_safetensors puts the path in front."""


def _parse(data: NDArray[np.uint8]) -> TensorFile:
    length = int.from_bytes(data[:_LENGTH_BYTES].tobytes(), "little")
    if length > min(_MAX_HEADER_BYTES, len(data) - _LENGTH_BYTES):
        raise _Refused(f"the header claims {length} bytes, the file has {len(data)}")
    body = data[_LENGTH_BYTES + length :]
    header = _parse_json(data[_LENGTH_BYTES : _LENGTH_BYTES + length].tobytes())
    metadata = header.pop(_METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise _Refused(f"{_METADATA} must be an object of texts")

    entries = [_Entry.parse(name, value) for name, value in header.items()]
    entries.sort(key=lambda entry: (entry.begin, entry.end))
    expected = 0
    for entry in entries:
        if entry.begin != expected:
            raise _Refused(
                f"'{entry.name}' begins at byte {entry.begin} where {expected} was expected"
            )
        expected = entry.end
    if expected != len(body):
        raise _Refused(f"the tensors take {expected} bytes, the file holds {len(body)}")
    tensors = {
        entry.name: body[entry.begin : entry.end].view(entry.dtype).reshape(entry.shape)
        for entry in entries
    }
    return TensorFile(tensors, metadata)


def _parse_json(text: bytes) -> dict[str, Any]:
    def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in pairs:
            if key in result:
                raise _Refused(f"key '{key}' appears twice")
            result[key] = value
        return result

    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=without_duplicates)
    except (ValueError, RecursionError) as error:
        raise _Refused(f"the header is not JSON ({error})") from None
    if not isinstance(header, dict):
        raise _Refused("the header must be a JSON object")
    return header


@dataclass(frozen=True)
class _Entry:
    """One tensor as the header announces it; begin..end are bytes of the data section."""

    name: str
    dtype: np.dtype
    shape: tuple[int, ...]
    begin: int
    end: int

    @classmethod
    def parse(cls, name: str, value: Any) -> _Entry:
        if not isinstance(value, dict) or set(value) != {"dtype", "shape", "data_offsets"}:
            raise _Refused(f"tensor '{name}' needs exactly dtype, shape and data_offsets")
        dtype, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
        if not isinstance(dtype, str) or dtype not in _DTYPES:
            raise _Refused(f"tensor '{name}' has unknown dtype {dtype!r}")
        for what, numbers in (("shape", shape), ("data_offsets", offsets)):
            # JSON's true is a bool, which Python counts among the integers.
            if not isinstance(numbers, list) or not all(
                type(number) is int and 0 <= number < 1 << 63 for number in numbers
            ):
                raise _Refused(f"{what} of '{name}' must be a list of non-negative integers")
        if len(offsets) != 2:
            raise _Refused(f"data_offsets of '{name}' must be [begin, end], got {offsets}")
        begin, end = offsets
        size = np.dtype(_DTYPES[dtype]).itemsize
        for extent in shape:
            size *= extent
        if end - begin != size:
            raise _Refused(
                f"'{name}' of shape {shape} needs {size} bytes, its offsets {offsets} give "
                f"{end - begin}"
            )
        return cls(name, np.dtype(_DTYPES[dtype]), tuple(shape), begin, end)
