"""Reads and writes safetensors by hand: Debian 12 has no package for the format."""

import json

import numpy
import torch

DTYPES = {
    "F16": numpy.float16,
    "F32": numpy.float32,
    "I64": numpy.int64,
    "U8": numpy.uint8,
}


def read(path):
    """Tensors by name."""
    content = path.read_bytes()
    data = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:data])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(content[data + begin : data + end], DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors


def write(path, tensors, metadata=None):
    """Writes tensors by name as the format's own library does."""
    names = {numpy.dtype(dtype): name for name, dtype in DTYPES.items()}
    header = {"__metadata__": metadata} if metadata else {}
    data = b""
    for name, tensor in tensors.items():
        values = tensor.detach().contiguous().numpy()
        begin = len(data)
        data += values.tobytes()
        header[name] = {
            "dtype": names[values.dtype],
            "shape": list(values.shape),
            "data_offsets": [begin, len(data)],
        }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
