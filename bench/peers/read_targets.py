#!/usr/bin/env python3
"""Reads targets at random from a store as one would in Python: NumPy or PyTorch on a memory-mapped
file, a batch at a time, turned into fp32. Nothing is checked.

read_targets.py STORE ROWS, where ROWS is a file of int64. Each line of standard input asks for the
rows FIRST..LAST-1 of ROWS:

    time READER BATCH FIRST LAST          answered with seconds
    write READER BATCH FIRST LAST PATH    answered with "done", the targets in PATH as fp32

READER is numpy or torch.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

_DTYPES = {"F32": "<f4", "F16": "<f2", "U8": "u1"}
_PROB_OF_CODE = np.exp(-16.0 * (np.arange(256) / 255.0) ** 2).astype(np.float32)

Read = Callable[[NDArray[np.int64]], "NDArray[np.float32] | torch.Tensor"]


def map_values(path: str) -> NDArray:
    """The tensor `values` of a dense store."""
    data = np.memmap(path, mode="c")  # copy on write: PyTorch wants arrays that it may write to
    begin = 8 + int.from_bytes(data[:8].tobytes(), "little")
    entry = json.loads(data[8:begin].tobytes())["values"]
    first, last = entry["data_offsets"]
    values = data[begin + first : begin + last].view(_DTYPES[entry["dtype"]])
    return np.asarray(values).reshape(entry["shape"])


def numpy_reader(values: NDArray) -> Read:
    """With `take`, which is about twice as fast as `values[rows]`."""
    if values.dtype != np.uint8:
        return lambda rows: values.take(rows, axis=0).astype(np.float32, copy=False)

    def read(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        probs = _PROB_OF_CODE.take(values.take(rows, axis=0))
        probs /= probs.sum(axis=1, keepdims=True)
        return probs

    return read


def torch_reader(values: NDArray) -> Read:
    table = torch.from_numpy(values)
    prob_of_code = torch.from_numpy(_PROB_OF_CODE)
    if values.dtype != np.uint8:
        return lambda rows: torch.index_select(table, 0, torch.from_numpy(rows)).float()

    def read(rows: NDArray[np.int64]) -> torch.Tensor:
        codes = torch.index_select(table, 0, torch.from_numpy(rows))
        probs = torch.index_select(prob_of_code, 0, codes.view(-1).int()).view(codes.shape)
        return probs.div_(probs.sum(1, keepdim=True))

    return read


def main() -> None:
    torch.set_num_threads(1)
    values = map_values(sys.argv[1])
    order = np.fromfile(sys.argv[2], "<i8")
    readers = {"numpy": numpy_reader(values), "torch": torch_reader(values)}
    for line in sys.stdin:
        task, name, *numbers = line.split(maxsplit=5)
        read = readers[name]
        batch, first, last = map(int, numbers[:3])
        batches = [order[k : min(k + batch, last)] for k in range(first, last, batch)]
        if task == "write":
            with open(numbers[3].strip(), "wb") as file:
                for rows in batches:
                    np.asarray(read(rows)).tofile(file)
            print("done", flush=True)
        else:
            begin = time.perf_counter()
            for rows in batches:
                read(rows)
            print(time.perf_counter() - begin, flush=True)


if __name__ == "__main__":
    main()
