#!/usr/bin/env python3
"""Compares two folders of one study, result by result: compare-runs.py OLD NEW

Trials are matched by cell, rate and seed, never by id. What must be equal to the last bit: outcome,
evaluations (losses, accuracies), readings of the test split, weights that were kept, the teachers'
weights, stored targets, and the gallery. Times, ids, and where and by what a result was made are
left out. Prints what was compared, and exits with 1 at the first difference.
"""

import json
import pathlib
import struct
import sys

TIMES = {"train_s", "teacher_s", "labelling_s"}


def fail(text):
    sys.exit(f"DIFFERENT: {text}")


def tensors(path):
    """Name -> (dtype, shape, bytes) of a safetensors file."""
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    begin = 8 + size
    return {
        name: (entry["dtype"], tuple(entry["shape"]),
               data[begin + entry["data_offsets"][0] : begin + entry["data_offsets"][1]])
        for name, entry in header.items()
    }


def same_tensors(what, old, new):
    a, b = tensors(old), tensors(new)
    if a.keys() != b.keys():
        fail(f"{what}: tensors {sorted(a.keys() ^ b.keys())}")
    for name in a:
        if a[name] != b[name]:
            fail(f"{what}: tensor {name} of {old} and {new}")


def trials(folder):
    found = {}
    for path in sorted((folder / "trials").glob("*/record.json")):
        record = json.loads(path.read_text())
        found[record["cell"], record["rate"], record["seed"]] = (path.parent, record)
    return found


def without_times(rows):
    return [{key: value for key, value in row.items() if key not in TIMES} for row in rows]


def compare_trials(old, new):
    a, b = trials(old), trials(new)
    if a.keys() != b.keys():
        fail(f"trials {sorted(a.keys() ^ b.keys())}")
    weights = 0
    for key in sorted(a):
        (old_folder, old_record), (new_folder, new_record) = a[key], b[key]
        for field in ("outcome", "message", "parameters", "switches", "tests"):
            if old_record.get(field) != new_record.get(field):
                fail(f"{key}: {field}: {old_record.get(field)} and {new_record.get(field)}")
        if without_times(old_record["evaluations"]) != without_times(new_record["evaluations"]):
            fail(f"{key}: evaluations")
        kept = [sorted(p.name for p in (f / "weights").glob("*")) for f in (old_folder, new_folder)]
        if kept[0] != kept[1]:
            fail(f"{key}: weights kept: {kept[0]} and {kept[1]}")
        for name in kept[0]:
            same_tensors(f"{key}", old_folder / "weights" / name, new_folder / "weights" / name)
            weights += 1
    print(f"{len(a)} trials: evaluations and readings of the test split equal")
    print(f"{weights} files of students' weights equal, tensor by tensor")


def compare_teachers(old, new):
    names = [sorted((f / "teachers").glob("*/*.safetensors")) for f in (old, new)]
    if [p.name for p in names[0]] != [p.name for p in names[1]]:
        fail(f"teachers {names[0]} and {names[1]}")
    for a, b in zip(*names):
        same_tensors(f"teacher {a.stem}", a, b)
    print(f"{len(names[0])} teachers equal, tensor by tensor")


def compare_stores(old, new):
    stores = [sorted(p.read_bytes() for p in f.glob("targets/*.safetensors")) for f in (old, new)]
    if stores[0] != stores[1]:
        fail(f"stores: {len(stores[0])} and {len(stores[1])} files, not equal byte for byte")
    print(f"{len(stores[0])} stores of targets equal byte for byte")


def compare_galleries(old, new):
    galleries = [sorted(f.glob("gallery/*.safetensors")) for f in (old, new)]
    if len(galleries[0]) != len(galleries[1]):
        fail(f"galleries {galleries[0]} and {galleries[1]}")
    for a, b in zip(*galleries):
        same_tensors("gallery", a, b)
    print(f"{len(galleries[0])} gallery equal, tensor by tensor")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    old, new = (pathlib.Path(argument) for argument in sys.argv[1:])
    for folder in (old, new):
        if not trials(folder):
            sys.exit(f"{folder}: no trials; expected a folder that `tandem study run` made")
    compare_teachers(old, new)
    compare_stores(old, new)
    compare_trials(old, new)
    compare_galleries(old, new)


main()
