#!/usr/bin/env python3
"""`tandem label` and `tandem store` as a user meets them: same bytes whatever happens, clear refusals.

    python3 tests/cli/label_test.py <path of the tandem program>
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from command_line import CommandLineTest, children_of, write_dataset

SHARDS_WORTH_KILLING = 40
SAMPLES = 340  # 400 less 60 held out


class Label(CommandLineTest):
    @classmethod
    def setUpClass(cls):
        """One data set and one ladder of teachers, which no test changes."""
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tandem-label-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.data = cls.folder / "data"
        write_dataset(cls.data)
        teacher = cls("teach")
        teacher.teach()
        cls.teachers = cls.folder / "teachers"

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tandem-label-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def label_arguments(self, out, *more, rung="strong"):
        return ("label", f"data.folder={self.data}", "data.validation=60",
                "views.policy=pad-crop:1,flip", "target.content=probs",
                f"target.teacher={self.teachers}/{rung}.safetensors", *more, "--out", out)

    def label(self, out, *more, workers=1, rung="strong"):
        done = self.run_tandem(*self.label_arguments(out, *more, rung=rung), "--workers", workers)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.folder / f"{out}.parts").exists())
        return done

    def refused(self, code, words, *arguments):
        done = self.run_tandem(*arguments)
        self.assertEqual(done.returncode, code, (arguments, done.stdout, done.stderr))
        for word in words:
            self.assertIn(word, done.stderr)

    def bytes_of(self, out):
        return (self.folder / out).read_bytes()

    def train_arguments(self, *more):
        return ("train", "model.name=mlp", "model.width=16", "train.batch=20", "train.steps=30",
                "data.validation=60", f"data.folder={self.data}", "views.policy=pad-crop:1,flip",
                *more)

    def test_a_store_is_made_once_looked_into_reencoded_and_trained_from(self):
        view = ("target.granularity=view", "store.epochs=30")
        self.label("one", *view, workers=1)
        self.label("two", *view, workers=2)
        self.assertEqual(self.bytes_of("one"), self.bytes_of("two"))

        again = self.label("one", *view, workers=2)
        self.assertIn("there already: one", again.stdout)
        for other in (("target.granularity=view", "store.epochs=31"),
                      (*view, "views.seed=1"), (*view, "store.encoding=u8")):
            self.refused(2, ("one holds another labelling", "choose another --out"),
                         *self.label_arguments("one", *other))
        self.assertEqual(self.bytes_of("one"), self.bytes_of("two"))

        shown = self.run_tandem("store", "show", "one").stdout
        for word in (f"{30 * SAMPLES} of 10 probs", "view, 30 epochs", "fp32, 40 bytes per target",
                     "strong, fingerprint", "pad-crop:1,flip, seed 0"):
            self.assertIn(word, shown)
        verified = self.run_tandem("store", "verify", "one")
        self.assertIn(f"{30 * SAMPLES} targets, all as written", verified.stdout)
        encoded = self.run_tandem("store", "encode", "one", "--encoding", "top-k:3:u8",
                                  "--out", "small")
        self.assertEqual(encoded.returncode, 0, encoded.stderr)
        self.assertIn("top-k:3:u8, 6 bytes per target", encoded.stdout)
        compared = self.run_tandem("store", "compare", "one", "--encodings", "u8", "top-k:3:u8",
                                   "--out", "compared")
        self.assertEqual(compared.returncode, 0, compared.stderr)
        self.assertEqual([line.split()[:2] for line in compared.stdout.splitlines()[1:]],
                         [["fp32", "40"], ["u8", "10"], ["top-k:3:u8", "6"]])

        trained = self.run_tandem(*self.train_arguments("target.store=small"))
        self.assertEqual(trained.returncode, 0, trained.stderr)
        self.assertIn("test top-1", trained.stdout)
        self.assertRegex(trained.stdout, r"labelling \d+\.\d s")
        shutil.copy(self.folder / "small", self.folder / "mailed")  # without what stands beside it
        mailed = self.run_tandem(*self.train_arguments("target.store=mailed", "--out", "mailed_out"))
        self.assertIn("labelling unknown", mailed.stdout)
        table = self.run_tandem("report", "mailed_out")
        self.assertRegex(table.stdout, r"\nview probs .* unknown +unknown\n")
        summary = (self.folder / "mailed_out/report/summary.csv").read_text()
        self.assertRegex(summary, r"teacher_training_s,30,[\d.]+,,,0,")
        self.assertRegex(summary, r"labelling_s,30,[\d.]+,,,0,")
        for words, change in (
            (("views are those of seed 0", "views.seed = 0"), "seed=5"),
            (("samples of fashion-mnist",), "data.train=100"),
            (("saw the views 'pad-crop:1,flip'",), "views.policy=none"),
            (("30 visits", "store.epochs=59"), "train.steps=1000"),
        ):
            self.refused(1, words, *self.train_arguments("target.store=small", change,
                                                         "--out", "wrong"))
            self.assertFalse(list((self.folder / "wrong").rglob("*.partial")))
        self.refused(2, ("target.content = 'logits'", "small holds 'probs'"),
                     *self.train_arguments("target.store=small", "target.content=logits"))

        damaged = bytearray(self.bytes_of("one"))
        damaged[-5] ^= 4
        (self.folder / "damaged").write_bytes(damaged)
        self.refused(1, ("damaged", "rows 9216..10199"), "store", "verify", "damaged")
        self.refused(1, ("cannot read missing",), "store", "show", "missing")

    def start(self, out):
        """Begins a labelling of many shards; returns it with one shard done and more to come."""
        process = subprocess.Popen(
            self.command(*self.label_arguments(out, *self.many()), "--workers", 2),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=self.folder)
        parts = self.folder / f"{out}.parts"
        deadline = time.monotonic() + 60
        while not any(parts.glob("shard-*.safetensors")) and time.monotonic() < deadline:
            time.sleep(0.002)
        return process

    def many(self):
        epochs = SHARDS_WORTH_KILLING * 4096 // SAMPLES
        return ("target.granularity=view", f"store.epochs={epochs}", "store.encoding=u8")

    def goes_on_to(self, out, expected):
        parts = list((self.folder / f"{out}.parts").glob("shard-*.safetensors"))
        self.assertGreater(len(parts), 0)
        self.assertLess(len(parts), SHARDS_WORTH_KILLING, "it was over before the signal")
        deadline = time.monotonic() + 20
        while True:  # workers of a killed labelling hold its lock until they have ended
            done = self.run_tandem(*self.label_arguments(out, *self.many()), "--workers", 2)
            if "in use" not in done.stderr or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.bytes_of(out), expected)
        self.assertFalse((self.folder / f"{out}.parts").exists())

    def test_an_interrupted_and_a_killed_labelling_end_with_the_same_bytes(self):
        self.label("whole", *self.many(), workers=2)
        expected = self.bytes_of("whole")

        process = self.start("interrupted")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)
        self.refused(1, ("another labelling", "interrupted.parts"),
                     *self.label_arguments("interrupted", *self.many(), rung="weak"))
        other = self.folder / "other"
        shutil.copytree(self.data, other)
        images = other / "train-images-idx3-ubyte"
        content = images.read_bytes()
        images.write_bytes(content[:16] + bytes(value ^ 1 for value in content[16:]))
        self.refused(1, ("another labelling", "interrupted.parts"),
                     *self.label_arguments("interrupted", *self.many(), f"data.folder={other}"))
        self.goes_on_to("interrupted", expected)

        process = self.start("killed")
        process.kill()
        process.communicate(timeout=20)
        self.goes_on_to("killed", expected)

        process = self.start("worker")
        os.kill(children_of(process.pid)[0], signal.SIGKILL)
        _, error = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 1, error)
        self.assertIn("the worker process", error)
        self.goes_on_to("worker", expected)

    def test_every_granularity_and_content_is_labelled_alike_by_two_workers(self):
        for more in (("target.granularity=cluster:2", "target.fusion=mean:2"),
                     ("target.granularity=sample", "target.content=features", "target.pca=4")):
            self.label("one", *more, workers=1)
            self.label("two", *more, workers=2)
            self.assertEqual(self.bytes_of("one"), self.bytes_of("two"), more)
            for out in ("one", "two"):
                (self.folder / out).unlink()

    def test_mistakes_are_found_before_anything_is_labelled(self):
        for words, change in (
            (("store.encoding", "top-k"), "store.encoding=u4"),
            (("top-k:11:u8",), "store.encoding=top-k:11:u8"),
            (("store.epochs",), "store.epochs=0"),
            (("needs no teacher",), "target.content=one-hot"),
        ):
            self.refused(2, words[-1:], *self.label_arguments(
                "out", "target.granularity=" + ("class" if "one-hot" in change else "view"),
                change))
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
