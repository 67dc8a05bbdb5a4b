#!/usr/bin/env python3
"""Choosing samples and bringing one's own, on the command line. Standard library only.

    python3 tests/cli/score_test.py <path of the tandem program>
"""
import json
import os
import pathlib
import signal
import struct
import subprocess
import sys
import time
import unittest
import zlib

from command_line import CLASSES, SIDE, CommandLineTest


def write_safetensors(path, tensors, metadata=None):
    """`tensors` maps names to (dtype, shape, bytes)."""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, (dtype, shape, content) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape,
                        "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_png(path, side, pixels):
    """A grey picture."""
    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))
    rows = b"".join(b"\0" + pixels[y * side:(y + 1) * side] for y in range(side))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n"
                     + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Scores(CommandLineTest):
    def data_arguments(self, *more):
        return ("data.validation=60", f"data.folder={self.data}", *more)

    def train_arguments(self, *more):
        return ("train", "views.policy=none", "model.name=mlp", "model.width=16", "train.batch=10",
                "train.steps=30", "train.evaluations=2", *self.data_arguments(*more))

    def succeeds(self, *arguments):
        done = self.run_tandem(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refused(self, code, words, *arguments):
        done = self.run_tandem(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_samples_are_scored_and_chosen(self):
        self.teach()
        teacher = "teacher=teachers/strong.safetensors"
        shown = self.succeeds("score", "confidence", *self.data_arguments(teacher),
                              "--out", "confidence")
        self.assertIn("Ankle boot", shown)
        self.succeeds("score", "herding", *self.data_arguments(teacher), "--out", "herding")
        forgetting = self.data_arguments("model.name=mlp", "model.width=16", "train.batch=20",
                                         "train.epochs=3", "seeds=[0, 1]", "views.policy=none")
        self.succeeds("score", "forgetting", *forgetting, "--out", "forgetting")
        for choose, scores in (("hardest", "confidence"), ("easiest", "forgetting"),
                               ("typical", "herding")):
            self.succeeds(*self.train_arguments("data.per_class=3", f"data.choose={choose}",
                                                f"data.scores={scores}", "--out", choose))
        chosen = self.train_arguments("data.fraction=0.1", "data.choose=hardest")
        self.refused(2, ("is there already",), "score", "confidence",
                     *self.data_arguments(teacher), "--out", "confidence")
        self.refused(2, ("data.scores",), *chosen)
        self.refused(1, ("not what is hard",), *chosen, "data.scores=herding")
        self.refused(1, ("these scores are of 340 samples", "held out by seed 3"), *chosen,
                     "data.scores=confidence", "data.seed=3")
        self.refused(2, ("give one of them",), *chosen, "data.train=5")
        self.refused(2, ("whole training part",), "score", "herding",
                     *self.data_arguments(teacher, "data.fraction=0.5"), "--out", "x")
        self.refused(2, ("who scores?",), "score", "herding", *self.data_arguments(), "--out", "x")

    def test_a_scoring_that_is_interrupted_writes_nothing(self):
        process = subprocess.Popen(
            self.command("score", "forgetting", *self.data_arguments(
                "model.name=convnet3", "train.batch=20", "train.epochs=2000"), "--out", "long"),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=self.folder)
        # It can end cleanly from when it handles the signal itself: that is blocked then.
        status = pathlib.Path(f"/proc/{process.pid}/status")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            blocked = [line for line in status.read_text().splitlines() if line.startswith("SigBlk")]
            if blocked and int(blocked[0].split()[1], 16) >> (signal.SIGINT - 1) & 1:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("no scores were written", errors)
        self.assertFalse((self.folder / "long").exists())

    def test_distilled_samples_and_their_soft_labels_are_trained_from(self):
        pixels = bytes(k % 256 for k in range(CLASSES * SIDE * SIDE))
        soft = b"".join(struct.pack("<f", 0.55 if c == k else 0.05)
                        for k in range(CLASSES) for c in range(CLASSES))
        tensors = {"images": ("U8", [CLASSES, 1, SIDE, SIDE], pixels),
                   "labels": ("I64", [CLASSES], struct.pack(f"<{CLASSES}q", *range(CLASSES))),
                   "soft_labels": ("F32", [CLASSES, CLASSES], soft)}
        write_safetensors(self.folder / "distilled", tensors)
        shown = self.succeeds("store", "import", "distilled", "store", *self.data_arguments())
        self.assertIn("10 of 10 probs", shown)
        self.assertIn("samples of distilled", shown)
        self.succeeds(*self.train_arguments("data.samples=distilled", "target.store=store"))
        self.refused(1, ("does not fit", "340 samples"),
                     *self.train_arguments("target.store=store"))
        self.refused(2, ("is there already",), "store", "import", "distilled", "store",
                     *self.data_arguments())
        tensors["images"] = ("U8", [CLASSES, 3, SIDE, SIDE], pixels * 3)
        write_safetensors(self.folder / "coloured", tensors)
        self.refused(1, ("coloured", "[n, 1, 12, 12], is Byte [10, 3, 12, 12]"),
                     *self.train_arguments("data.samples=coloured"))

    def test_a_folder_of_pictures_is_trained_from(self):
        os.environ["TANDEM_CACHE"] = str(self.folder / "cache")
        self.addCleanup(os.environ.pop, "TANDEM_CACHE")
        own = self.folder / "own"
        for label, name in enumerate(("T-shirt_top", "Bag", "Sneaker")):
            for k in range(5):
                write_png(own / f"train/{name}/{k}.png", SIDE,
                          bytes((label * 60 + 7 * k + p) % 256 for p in range(SIDE * SIDE)))
        self.succeeds(*self.train_arguments("data.samples=own"))
        write_png(own / "train/Hat/0.png", SIDE, bytes(SIDE * SIDE))
        self.refused(1, ("'Hat' is no class of fashion-mnist", "Ankle boot"),
                     *self.train_arguments("data.samples=own"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
