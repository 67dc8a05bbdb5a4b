#!/usr/bin/env python3
"""A folder of pictures from the command line: trained on, decoded once, refused where it is bad.

    python3 tests/cli/pictures_test.py <path of the tandem program>
"""
import os
import pathlib
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

from command_line import CommandLineTest


def png(width, height, rgb):
    """A PNG of the pixels, row after row."""
    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
    rows = b"".join(b"\0" + rgb[3 * width * y:3 * width * (y + 1)] for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def write_pictures(root, each=30, side=(18, 30)):
    """Reddish, greenish and bluish noise of many sizes."""
    noise = random.Random(1)
    for part, count in (("train", each), ("val", each // 3)):
        for label, name in enumerate(("red", "green", "blue")):
            folder = root / part / name
            folder.mkdir(parents=True)
            for k in range(count):
                width, height = noise.randint(*side), noise.randint(*side)
                rgb = bytearray(value % 150 for value in noise.randbytes(3 * width * height))
                rgb[label::3] = bytes(value + 105 for value in rgb[label::3])
                (folder / f"{k}.png").write_bytes(png(width, height, bytes(rgb)))


class Pictures(CommandLineTest):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tandem-pictures-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.root = self.folder / "colours"
        write_pictures(self.root)
        before = os.environ.get("TANDEM_CACHE")
        os.environ["TANDEM_CACHE"] = str(self.folder / "cache")
        self.addCleanup(lambda: os.environ.pop("TANDEM_CACHE") if before is None
                        else os.environ.update(TANDEM_CACHE=before))

    def train(self, *more, out="run"):
        return self.run_tandem(
            "train", "data.name=image-folder", f"data.folder={self.root}", "data.size=16",
            "data.validation=15", "model.name=mlp", "model.width=16", "train.batch=15",
            "train.steps=40", "views.policy=flip", *more, "--out", out)

    def cached(self):
        return sorted((self.folder / "cache").glob("images-*.safetensors"))

    def test_a_folder_is_learned_from_and_decoded_once(self):
        done = self.train()
        self.assertEqual(done.returncode, 0, done.stderr)
        accuracy = float(re.search(r"test.*?(\d+\.\d+) %", done.stdout).group(1))
        self.assertGreater(accuracy, 60, done.stdout)
        files = {path: path.stat().st_mtime_ns for path in self.cached()}
        self.assertEqual(len(files), 2)
        again = self.train(out="again")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.cached()}, files)
        self.assertIn(f" {accuracy:.2f} %", again.stdout)

    def test_names_reach_a_terminal_as_text(self):
        escape = "\x1b[31m\x1b]0;title\x07"
        for part in ("train", "val"):
            (self.root / part / "red").rename(self.root / part / f"red{escape}")
        (self.root / "train" / f"red{escape}" / f"bad{escape}.png").write_bytes(b"")
        for more in ((), ("--skip-bad",)):
            shown = self.run_tandem("data", "show", "image-folder", "--folder", self.root, *more)
            self.assertEqual(shown.returncode, 0 if more else 1, shown.stderr)
            printed = shown.stdout + shown.stderr
            self.assertNotIn("\x1b", printed)
            self.assertNotIn("\x07", printed)
            self.assertIn("red\\x1b[31m\\x1b]0;title\\x07", printed)

    def test_an_error_of_the_system_is_no_bad_picture(self):
        failing = self.root / "train/red/failing.png"
        failing.symlink_to("/proc/self/mem")
        done = self.train("data.skip_bad=true")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(f"cannot read {failing}: Input/output error", done.stderr)
        self.assertEqual(self.cached(), [], "nothing of it is kept")
        failing.unlink()
        done = self.train("data.skip_bad=true")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("left out", done.stderr)

    def test_bad_pictures_are_listed_and_left_out_where_asked(self):
        (self.root / "train/red/empty.png").write_bytes(b"")
        cut = (self.root / "train/blue/0.png").read_bytes()[:-40]
        (self.root / "train/blue/cut.png").write_bytes(cut)
        refused = self.train()
        self.assertEqual(refused.returncode, 1)
        for word in ("2 of 92 bad", "train/red/empty.png: an empty file",
                     "train/blue/cut.png: a truncated PNG", "data.skip_bad=true"):
            self.assertIn(word, refused.stderr)
        done = self.train("data.skip_bad=true")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("90 of 92 pictures are used, 2 file(s) left out", done.stderr)

    def test_what_cannot_be_meant_is_refused(self):
        for words, code, expected in (
                (("data.folder=nowhere",), 1, ("nowhere/train", "found nothing")),
                (("data.size=-3",), 2, ("1..4096",)),
                (("data.name=mnist",), 2, ("data.size", "28 x 28", "image-folder"))):
            with self.subTest(words=words):
                refused = self.train(*words)
                self.assertEqual(refused.returncode, code, refused.stderr)
                for word in expected:
                    self.assertIn(word, refused.stderr)

    def test_a_killed_decoding_leaves_what_it_decoded(self):
        shutil.rmtree(self.root)
        write_pictures(self.root, each=60, side=(150, 200))
        started = subprocess.Popen(
            self.command("train", "data.name=image-folder", f"data.folder={self.root}",
                         "data.size=64", "data.validation=15", "model.name=mlp", "train.batch=15",
                         "train.steps=1", "--out", "run"),
            cwd=self.folder, stderr=subprocess.PIPE, text=True)
        self.addCleanup(started.stderr.close)
        while started.poll() is None and not list((self.folder / "cache").glob("*.partial")):
            time.sleep(0.001)
        started.send_signal(signal.SIGKILL)
        started.wait()
        done = self.train("data.size=64", "train.steps=1", out="later")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.cached()), 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
