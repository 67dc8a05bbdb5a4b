"""Reads idx files of unsigned bytes (the format of MNIST and Fashion-MNIST), gzipped or not."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tandem_targets.errors import StoreError

_UNSIGNED_BYTE = 8


def read_idx(path: str | Path) -> NDArray[np.uint8]:
    """An array of the shape that the header states. StoreError that names the path otherwise."""
    try:
        with gzip.open(path) if str(path).endswith(".gz") else open(path, "rb") as file:
            content = file.read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise StoreError(f"{path}: expected intact gzip data, got: {error}") from None
    if len(content) < 4 or content[:3] != bytes([0, 0, _UNSIGNED_BYTE]):
        raise StoreError(f"{path}: expected an idx file (00 00 08 ..), got {content[:4].hex(' ')}")
    begin = 4 + 4 * content[3]
    if len(content) < begin:
        raise StoreError(f"{path}: expected a header of {begin} bytes, got {len(content)}")
    sizes = np.frombuffer(content[4:begin], ">u4").astype(int).tolist()
    expected = begin + int(np.prod(sizes, dtype=object))
    if len(content) != expected:
        raise StoreError(
            f"{path}: expected {expected} bytes for sizes {sizes}, got {len(content)}"
        )
    return np.frombuffer(content, np.uint8, offset=begin).reshape(sizes)


def read_idx_split(folder: str | Path, stem: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images uint8 [n, 1, height, width] and labels int64 [n] of a split of MNIST's layout.

    `stem` is "train" or "t10k".
    """
    images = read_idx(_plain_or_gzipped(Path(folder), f"{stem}-images-idx3-ubyte"))
    labels = read_idx(_plain_or_gzipped(Path(folder), f"{stem}-labels-idx1-ubyte"))
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        raise StoreError(
            f"{folder}: expected {stem} images [n, height, width] and labels [n], "
            f"got {list(images.shape)} and {list(labels.shape)}"
        )
    return images[:, None], labels.astype(np.int64)


def _plain_or_gzipped(folder: Path, name: str) -> Path:
    for path in (folder / f"{name}.gz", folder / name):
        if path.exists():
            return path
    raise FileNotFoundError(f"{folder / name}: expected this file or {name}.gz, found neither")
