"""What tests of the command line share: a tiny data set, a folder of one's own, and the program.

Its path is the first argument of the test.
"""
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

TANDEM = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/release/tandem").resolve()
CLASSES, SIDE = 10, 12


def write_idx(path, dimensions, content):
    header = struct.pack(">BBBB", 0, 0, 8, len(dimensions))
    header += b"".join(struct.pack(">I", size) for size in dimensions)
    path.write_bytes(header + content)


def write_dataset(folder, side=SIDE):
    """Class c is a bright bar in row c of noise, under the names of Fashion-MNIST's files."""
    folder.mkdir()
    noise = random.Random(1)
    for name, size in (("train", 400), ("t10k", 100)):
        labels = bytes(i % CLASSES for i in range(size))
        pixels = bytearray(noise.randrange(120) for _ in range(size * side * side))
        for i, label in enumerate(labels):
            for x in range(side):
                pixels[(i * side + label + 1) * side + x] += 100
        write_idx(folder / f"{name}-images-idx3-ubyte", (size, side, side), bytes(pixels))
        write_idx(folder / f"{name}-labels-idx1-ubyte", (size,), labels)


def children_of(process):
    text = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in text.split()]


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tandem-cli-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.data = self.folder / "data"
        write_dataset(self.data)

    def command(self, *arguments):
        return [str(TANDEM), *map(str, arguments)]

    def run_tandem(self, *arguments, timeout=120):
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, cwd=self.folder,
            timeout=timeout, env={**os.environ, "OMP_NUM_THREADS": "1"})

    def teach_arguments(self):
        """What makes teachers/weak.safetensors and teachers/strong.safetensors."""
        ladder = self.folder / "ladder.toml"
        ladder.write_text(
            'rungs = ["weak", "strong"]\nsteps = [5, 60]\nviews.policy = "none"\n'
            'model = { name = "mlp", width = 16 }\ntrain = { batch = 20, steps = 60 }\n'
            f'data = {{ name = "fashion-mnist", folder = "{self.data}", validation = 60 }}\n')
        return "teach", ladder, "--out", "teachers"

    def teach(self):
        taught = self.run_tandem(*self.teach_arguments())
        self.assertEqual(taught.returncode, 0, taught.stderr)
