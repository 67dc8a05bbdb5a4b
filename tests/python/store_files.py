"""Target stores written and decoded the slow and obvious way, from docs/target-store.md alone.

Uses nothing of tandem_targets: what it checks must not be what it is made of.
"""

import json
import math
import struct
import zlib

FORMATS = {"F32": "f", "F16": "e", "U8": "B", "I16": "h", "I64": "q"}
TABLES = ("checksums", "clusters", "pca_basis", "pca_mean", "samples")


def flat(values):
    return [x for value in values for x in flat(value)] if isinstance(values, list) else [values]


def shape_of(values):
    return [len(values), *shape_of(values[0])] if isinstance(values, list) else []


def packed(dtype, values):
    numbers = flat(values)
    return struct.pack(f"<{len(numbers)}{FORMATS[dtype]}", *numbers)


def crc_text(*pieces):
    crc = 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
    return f"{crc:08x}"


def header_crc(metadata):
    lines = [f"{key}={metadata[key]}\n".encode() for key in sorted(metadata, key=str.encode)]
    return crc_text(*lines)


def safetensors_bytes(tensors, metadata):
    """`tensors` is {name: (dtype, nested lists)}; the header as Tandem writes it."""
    header, data = {"__metadata__": metadata}, b""
    for name in sorted(tensors):
        dtype, values = tensors[name]
        piece = packed(dtype, values)
        header[name] = {
            "dtype": dtype,
            "shape": shape_of(values),
            "data_offsets": [len(data), len(data) + len(piece)],
        }
        data += piece
    text = json.dumps(header, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def store_bytes(tensors, metadata, images=b"", labels=()):
    """A store of row tensors and tables without `checksums`; fills in sizes and checksums.

    `metadata` has no "tandem." in front and may override whatever is filled in here.
    """
    tensors = dict(tensors)
    metadata = dict(metadata)
    block_rows = int(metadata.setdefault("block_rows", "2"))
    row_names = sorted(set(tensors) - set(TABLES))
    keys = len(tensors[row_names[0]][1])
    checksums = []
    for begin in range(0, keys, block_rows):
        crc = 0
        for name in row_names:
            dtype, values = tensors[name]
            crc = zlib.crc32(packed(dtype, values[begin : begin + block_rows]), crc)
        checksums.append(crc)
    tensors.setdefault("checksums", ("I64", checksums))
    filled = {
        "format": "target-store-1",
        "epochs": "1",
        "samples": str(len(tensors["samples"][1])),
        "keys": str(keys),
        "temperature": "1",
        "fusion": "canonical",
        "dataset": "fashion-mnist/train",
        "dataset_fingerprint": "0" * 32,
        "image_shape": "1 2 2",
        "images_crc32": crc_text(images),
        "labels_crc32": crc_text(packed("I64", list(labels))),
        "teacher": "by hand",
        "teacher_fingerprint": "0" * 32,
        "views": "none",
        "views_fingerprint": "0" * 32,
        "view_seed": "0",
        "tables_crc32": crc_text(*(packed(*tensors[n]) for n in TABLES if n in tensors)),
    }
    metadata = {f"tandem.{key}": value for key, value in (filled | metadata).items()}
    metadata.setdefault("tandem.header_crc32", header_crc(metadata))
    return safetensors_bytes(tensors, metadata)


def prob_of_code(code):
    return math.exp(-16.0 * (code / 255.0) ** 2)


def code_of_prob(prob):
    return round(255 * math.sqrt(min(-math.log(max(prob, 1e-30)), 16) / 16))


def half(value):
    """The nearest fp16 number."""
    return struct.unpack("<e", struct.pack("<e", value))[0]


def decode(encoding, content, width, rows):
    """Decodes a row; `rows` holds the numbers of one row by tensor name."""
    if encoding in ("fp32", "fp16"):
        return [float(value) for value in rows["values"]]
    if encoding == "u8" and content == "probs":
        probs = [prob_of_code(code) for code in rows["values"]]
        return [prob / sum(probs) for prob in probs]
    if encoding == "u8":
        low, step = rows["ranges"]
        return [low + step * code for code in rows["values"]]
    _, top_k, number = encoding.split(":")
    decoded = prob_of_code if number == "u8" else math.exp
    probs = [decoded(value) for value in rows["log_probs"]]
    total = sum(probs)
    others = width - int(top_k)
    rest = max((1 - total) / others, prob_of_code(255) / width) if others else 0.0
    target = [rest] * width
    for class_id, prob in zip(rows["classes"], probs):
        target[class_id] = prob
    return [prob / sum(target) for prob in target]
