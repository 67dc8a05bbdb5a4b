#!/usr/bin/env python3
"""Answers each line of standard input with the versions of what the other peers are written in."""

import importlib.metadata
import platform
import sys

_PACKAGES = {
    "NumPy": "numpy",
    "PyTorch": "torch",
    "torchvision": "torchvision",
    "Pillow": "pillow",
}

for _ in sys.stdin:
    versions = [f"Python {platform.python_version()}"]
    for name, package in _PACKAGES.items():
        versions.append(f"{name} {importlib.metadata.version(package)}")
    print(", ".join(versions), flush=True)
