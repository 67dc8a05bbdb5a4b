#!/usr/bin/env python3
"""The same command after data, a teacher or a store has changed: made anew or refused, never the old result.

    python3 tests/cli/changed_data_test.py <path of the tandem program>
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

import score_test
import training_test
from command_line import CLASSES, SIDE, CommandLineTest, write_dataset, write_idx

STUDY = """
name = "tiny"
seeds = [0]
rates = [0.1]
budgets = [10]
[teach]
rungs = ["strong"]
steps = [20]
model = { name = "mlp", width = 8 }
train = { batch = 20, steps = 20 }
[base]
data = { name = "fashion-mnist", validation = 60 }
views.policy = "none"
model = { name = "mlp", width = 8 }
train = { batch = 20, steps = 10, evaluations = 2 }
[[cell]]
target = { granularity = "class", content = "one-hot" }
[[cell]]
target = { granularity = "sample", content = "probs", teacher = "strong" }
"""


class ChangedData(CommandLineTest):
    def trial_arguments(self, *more):
        return ("train", "model.name=mlp", "model.width=8", "train.steps=10", "train.batch=20",
                "data.validation=60", f"data.folder={self.data}", "views.policy=none",
                *more, "--out", "out")

    def study_arguments(self):
        study = self.folder / "tiny.toml"
        study.write_text(STUDY)
        return ("study", "run", study, f"base.data.folder={self.data}", "--out", "out",
                "--workers", 1)

    def score_arguments(self):
        return ("score", "forgetting", "model.name=mlp", "model.width=8", "train.epochs=2",
                "train.batch=20", "data.validation=60", f"data.folder={self.data}",
                "views.policy=none", "--out", "scores")

    def label_arguments(self, *more):
        return ("label", f"data.folder={self.data}", "data.validation=60", "views.policy=none",
                "target.granularity=sample", "target.content=probs",
                "target.teacher=teachers/strong.safetensors", *more, "--out", "store",
                "--workers", 1)

    def succeeds(self, *arguments):
        done = self.run_tandem(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refuses(self, words, *arguments):
        done = self.run_tandem(*arguments)
        self.assertIn(done.returncode, (1, 2), done.stdout)
        self.assertIn(words, done.stderr)
        self.assertNotIn("top-1", done.stdout)
        return done.stderr

    def change_picture(self, split, place):
        images = self.data / f"{split}-images-idx3-ubyte"
        content = bytearray(images.read_bytes())
        content[16 + place * SIDE * SIDE] ^= 1
        images.write_bytes(bytes(content))

    def fingerprints(self, error):
        """Of training, validation and test samples, as expected and as found."""
        parts = re.findall(r"(training|validation|test) samples (\w+)", error)
        self.assertEqual(len(parts), 6, error)
        return dict(parts[:3]), dict(parts[3:])

    def test_another_label_picture_or_class_is_refused_by_every_command_that_made_a_result(self):
        def rotate_labels():
            labels = self.data / "train-labels-idx1-ubyte"
            content = labels.read_bytes()
            labels.write_bytes(content[:8] + bytes((c + 1) % CLASSES for c in content[8:]))

        def without_a_class():
            for name in ("train", "t10k"):
                images = (self.data / f"{name}-images-idx3-ubyte").read_bytes()[16:]
                labels = (self.data / f"{name}-labels-idx1-ubyte").read_bytes()[8:]
                kept = [k for k, label in enumerate(labels) if label != CLASSES - 1]
                size = SIDE * SIDE
                write_idx(self.data / f"{name}-images-idx3-ubyte", (len(kept), SIDE, SIDE),
                          b"".join(images[k * size:(k + 1) * size] for k in kept))
                write_idx(self.data / f"{name}-labels-idx1-ubyte", (len(kept),),
                          bytes(labels[k] for k in kept))

        commands = {self.trial_arguments(): "other data", self.study_arguments(): "other data",
                    self.teach_arguments(): "other data", self.label_arguments(): "another labelling",
                    self.score_arguments(): "is there already"}
        for change in (rotate_labels, without_a_class):
            for folder in ("out", "teachers"):
                shutil.rmtree(self.folder / folder, ignore_errors=True)
            for file in ("store", "store.json", "scores"):
                (self.folder / file).unlink(missing_ok=True)
            shutil.rmtree(self.data)
            write_dataset(self.data)
            self.succeeds(*self.teach_arguments())
            self.succeeds(*self.trial_arguments())
            self.succeeds(*self.label_arguments())
            self.succeeds(*self.score_arguments())
            change()
            for command, words in commands.items():
                with self.subTest(command=command[0], change=change.__name__):
                    self.refuses(words, *command)

    def test_pictures_of_one_part_alone_are_other_data(self):
        self.succeeds(*self.study_arguments())
        self.change_picture("t10k", 3)
        expected, found = self.fingerprints(self.refuses("other data", *self.study_arguments()))
        self.assertEqual([part for part in found if found[part] != expected[part]], ["test"])
        self.change_picture("t10k", 3)  # as it was

        for place in range(100):
            self.change_picture("train", place)
            error = self.refuses("other data", *self.study_arguments())
            expected, found = self.fingerprints(error)
            self.change_picture("train", place)
            if found["validation"] != expected["validation"]:
                self.assertEqual(found["training"], expected["training"])
                break
        else:
            self.fail("none of a hundred pictures is held out")
        self.assertIn("1 done before", self.run_tandem(*self.study_arguments()).stderr)

    def test_a_teacher_and_a_store_under_an_old_path_give_a_result_of_their_own(self):
        self.succeeds(*self.teach_arguments())
        teacher = ("target.granularity=view", "target.content=probs",
                   "target.teacher=teachers/strong.safetensors")
        strong = self.succeeds(*self.trial_arguments(*teacher))
        self.succeeds(*self.label_arguments("target.teacher=teachers/strong.safetensors"))
        stored = self.succeeds(*self.trial_arguments("target.store=store"))
        self.assertEqual(len(list((self.folder / "out/trials").iterdir())), 2)

        shutil.copy(self.folder / "teachers/weak.safetensors",
                    self.folder / "teachers/strong.safetensors")
        weak = self.succeeds(*self.trial_arguments(*teacher))
        self.assertNotEqual(weak.splitlines()[0], strong.splitlines()[0])
        self.refuses("another labelling", *self.label_arguments())
        (self.folder / "store").unlink()
        self.succeeds(*self.label_arguments())
        other = self.succeeds(*self.trial_arguments("target.store=store"))
        self.assertNotEqual(other.splitlines()[0], stored.splitlines()[0])
        self.assertEqual(len(list((self.folder / "out/trials").iterdir())), 4)
        self.refuses("strong.safetensors: this file is not what was written there",
                     *self.teach_arguments())

    def stopped(self, what, *arguments):
        """Interrupts a command when `what` exists below the folder."""
        process = subprocess.Popen(self.command(*arguments), cwd=self.folder, text=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not any(self.folder.glob(what)) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)

    def test_what_was_interrupted_does_not_go_on_with_other_data(self):
        long = self.trial_arguments("train.steps=200000")
        self.stopped("out/trials/*.partial/config.toml", *long)
        ladder = (*self.teach_arguments(), "train.steps=200000")
        self.stopped("teachers/weak.safetensors", *ladder)
        self.assertTrue((self.folder / "teachers/checkpoint.safetensors").exists())
        self.change_picture("train", 0)
        self.change_picture("t10k", 0)
        self.refuses("other data", *long)
        self.refuses("other data", *ladder)

    def test_an_older_folder_of_pictures_keeps_nothing_since_one_may_have_changed_alone(self):
        os.environ["TANDEM_CACHE"] = str(self.folder / "cache")
        self.addCleanup(os.environ.pop, "TANDEM_CACHE")
        shutil.rmtree(self.data)
        for split in ("train", "test"):
            for k in range(40):
                pixels = bytes((k * 31 + p * (k % 2 + 1)) % 256 for p in range(SIDE * SIDE))
                score_test.write_png(self.data / split / "ab"[k % 2] / f"{k}.png", SIDE, pixels)
        arguments = (*self.study_arguments(), "base.data.name=image-folder",
                     f"base.data.size={SIDE}", "base.data.validation=8")
        self.succeeds(*arguments)
        training_test.CommandLine.make_older(self, self.folder / "out")
        again = self.run_tandem(*arguments)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("0 of 2 trials are kept", again.stderr)

    def test_a_trial_of_a_cells_own_samples_is_known_by_their_content(self):
        scores = ("data.per_class=3", "data.choose=hardest", "data.scores=scores")
        self.succeeds(*self.score_arguments())
        self.succeeds(*self.trial_arguments(*scores))
        self.change_picture("train", 0)
        self.change_picture("train", 1)
        self.refuses("these scores are of", *self.trial_arguments(*scores))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
