#!/usr/bin/env python3
"""The command line as a user meets it: exit codes, messages, resume. Needs the standard library only.

    python3 tests/cli/training_test.py <path of the tandem program>
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

from command_line import SIDE, CommandLineTest, children_of, write_dataset

STUDY = """
name = "tiny"
seeds = [0, 1]
rates = [0.05, 0.2]
budgets = [10, 30]
goals = [50]
[teach]
rungs = ["weak", "strong"]
steps = [5, 60]
views.policy = "none"
model = { name = "mlp", width = 16 }
train = { batch = 20, steps = 60, rate = 0.1 }
[base]
data = { name = "fashion-mnist", validation = 60 }
views.policy = "none"
model = { name = "mlp", width = 16 }
train = { batch = 20, steps = 30, schedule = "constant", evaluations = 4 }
[[cell]]
target = { granularity = "class", content = "one-hot" }
[[cell]]
target = { granularity = ["view", "sample"], content = "probs", teacher = "strong" }
"""


class CommandLine(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.study = self.folder / "tiny.toml"
        self.study.write_text(STUDY)

    def study_arguments(self, out, *more):
        return ("study", "run", self.study, f"base.data.folder={self.data}", "--out", out, *more)

    def records(self, out):
        """What of each trial must not depend on when or how often it was interrupted."""
        kept = {}
        for path in sorted((self.folder / out / "trials").glob("*/record.json")):
            record = json.loads(path.read_text())
            kept[path.parent.name] = (
                record["outcome"],
                [(e["step"], e["train_loss"], e["validation_top1_pct"])
                 for e in record["evaluations"]],
                [(t["step"], t["top1_pct"]) for t in record["tests"]])
        return kept

    def test_a_study_runs_reports_and_is_done_the_second_time(self):
        first = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(first.returncode, 0, first.stderr)
        records = self.records("out")
        self.assertEqual(len(records), 12)
        for name in ("index.html", "curves.svg", "evaluations.csv", "summary.csv", "tests.csv"):
            self.assertTrue((self.folder / "out/report" / name).stat().st_size > 0, name)
        self.assertIn("class one-hot", first.stdout)

        before = {p: p.stat().st_mtime_ns for p in (self.folder / "out/trials").rglob("*.json")}
        second = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertIn("12 done before", second.stderr)
        after = {p: p.stat().st_mtime_ns for p in (self.folder / "out/trials").rglob("*.json")}
        self.assertEqual(before, after)
        self.assertEqual(first.stdout, second.stdout)

    def test_a_report_needs_nothing_but_the_folder(self):
        done = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(done.returncode, 0, done.stderr)
        (self.folder / "out").rename(self.folder / "mailed")
        shutil.rmtree(self.data)
        shutil.rmtree(self.folder / "mailed/teachers")
        shutil.rmtree(self.folder / "mailed/targets")
        before = {p.name: p.read_bytes() for p in (self.folder / "mailed/report").iterdir()}
        report = self.run_tandem("report", "mailed", "--out", "again")
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertEqual({p.name: p.read_bytes() for p in (self.folder / "again").iterdir()}, before)
        status = self.run_tandem("study", "status", "mailed")
        self.assertIn("12 of 12 trials done", status.stdout)
        whole = json.loads(self.run_tandem("report", "mailed", "--json").stdout)
        self.assertEqual(len(whole["trials"]), 12)
        planned = json.loads(self.run_tandem("study", "status", "mailed", "--json").stdout)
        self.assertEqual({t["id"] for t in planned["planned"]}, {t["id"] for t in whole["trials"]})

    def make_older(self, out):
        """Makes of a study's folder what one of version 1 looked like."""
        record = json.loads((out / "study.json").read_text())
        (out / "study.json").unlink()
        (out / "data.txt").write_text(f"training samples {record['train']['fingerprint']}\n"
                                      f"views {record['views_fingerprint']}\n")
        (ladder,) = (out / "teachers").iterdir()
        (ladder / "identity.txt").unlink()
        for checksums in out.rglob("checksums.txt"):
            checksums.unlink()
        rungs = json.loads((ladder / "ladder.json").read_text())["rungs"]
        for rung in rungs:
            del rung["fingerprint"]
        (ladder / "ladder.json").write_text(json.dumps(rungs))
        ladder.rename(ladder.with_name("0123456789ab"))
        for path in (out / "trials").glob("*/record.json"):
            trial = json.loads(path.read_text())
            del trial["content"]
            trial.update(version=1, id=f"old-{trial['id']}")
            path.write_text(json.dumps(trial))
            path.parent.rename(path.parent.with_name(trial["id"]))

    def test_a_folder_of_the_older_format_gets_what_it_lacks_and_keeps_what_it_has(self):
        done = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(done.returncode, 0, done.stderr)
        records = self.records("out")
        weights = sorted(p.read_bytes() for p in (self.folder / "out").rglob("weights/*"))
        self.make_older(self.folder / "out")
        refused = self.run_tandem("report", "out")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("older format", refused.stderr)
        again = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("12 of 12 trials are kept", again.stderr)
        self.assertIn("12 of 12 trials had no checksums", again.stderr)
        self.assertIn("12 done before", again.stderr)
        self.assertEqual(self.records("out"), records)
        self.assertEqual(sorted(p.read_bytes() for p in (self.folder / "out").rglob("weights/*")),
                         weights)

    def test_a_damaged_result_is_refused_and_says_what_to_do(self):
        done = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(done.returncode, 0, done.stderr)
        (ladder,) = (self.folder / "out/teachers").iterdir()
        trial = sorted((self.folder / "out/trials").iterdir())[0]
        weights = sorted((trial / "weights").iterdir())[0]
        for path in (trial / "record.json", trial / "config.toml", weights, ladder / "ladder.json",
                     ladder / "strong.safetensors"):
            whole = path.read_bytes()
            for damaged in (whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:], None):
                path.unlink()
                if damaged is not None:
                    path.write_bytes(damaged)
                again = self.run_tandem(*self.study_arguments("out"))
                self.assertEqual(again.returncode, 1, path)
                self.assertIn(str(path.relative_to(self.folder)), again.stderr)
                self.assertRegex(again.stderr, "(trains it|are trained) anew")
                if path.name == "record.json":
                    self.assertEqual(self.run_tandem("report", "out").returncode, 1)
            path.write_bytes(whole)
        again = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(again.returncode, 0, again.stderr)

    def test_a_damaged_gallery_is_refused_and_drawn_anew_where_it_is_gone(self):
        self.assertEqual(self.run_tandem(*self.study_arguments("out")).returncode, 0)
        (gallery,) = (self.folder / "out/gallery").iterdir()
        whole = gallery.read_bytes()
        gallery.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        for arguments in (self.study_arguments("out"), ("report", "out")):
            refused = self.run_tandem(*arguments)
            self.assertEqual(refused.returncode, 1)
            self.assertIn(gallery.name, refused.stderr)
            self.assertIn("delete it", refused.stderr)
        gallery.unlink()
        again = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(gallery.read_bytes(), whole)

    def test_weights_that_are_not_kept_leave_a_folder_whose_checksums_hold(self):
        for _ in range(2):
            done = self.run_tandem(*self.study_arguments("out", "keep_weights=false"))
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(list((self.folder / "out").rglob("trials/*/weights")), [])

    def test_a_students_weights_are_no_teacher_for_another_split(self):
        arguments = ("train", "model.name=mlp", "model.width=16", "train.steps=5", "train.batch=20",
                     f"data.folder={self.data}", "views.policy=none")
        done = self.run_tandem(*arguments, "data.validation=60", "--out", "student")
        self.assertEqual(done.returncode, 0, done.stderr)
        weights = sorted((self.folder / "student").rglob("weights/*"))[-1]
        taught = ("target.granularity=view", "target.content=probs", f"target.teacher={weights}")
        refused = self.run_tandem(*arguments, *taught, "data.validation=80", "--out", "other")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("60 held out", refused.stderr)
        accepted = self.run_tandem(*arguments, *taught, "data.validation=60", "--out", "same")
        self.assertEqual(accepted.returncode, 0, accepted.stderr)
        self.assertIn("% of 60 validation samples", accepted.stderr)
        self.assertNotIn("nothing says which samples", accepted.stderr)

    def test_an_older_folder_keeps_no_trial_of_another_teacher(self):
        done = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.make_older(self.folder / "out")
        again = self.run_tandem(*self.study_arguments("out", "teach.train.rate=0.05"))
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("4 of 12 trials are kept", again.stderr)  # those without a teacher

    def test_an_older_ladder_is_not_taken_for_one_of_todays_config(self):
        self.teach()
        (self.folder / "teachers/identity.txt").unlink()
        before = (self.folder / "teachers/config.toml").read_bytes()
        again = self.run_tandem(*self.teach_arguments(), "train.rate=0.01")
        self.assertEqual(again.returncode, 2)
        self.assertIn("an older version", again.stderr)
        self.assertEqual((self.folder / "teachers/config.toml").read_bytes(), before)

    def test_a_name_that_is_no_folder_and_bytes_that_are_no_text_are_refused(self):
        for name in ("../../x", "/tmp/x", "a/b", ".hidden", "=1+1"):
            refused = self.run_tandem("study", "run", self.study, f"name='{name}'")
            self.assertEqual(refused.returncode, 2, refused.stdout)
            self.assertIn("expected the name of a folder", refused.stderr)
        for override in ("title=\udcff", "base.data.folder='\udcc3('"):
            refused = self.run_tandem(*self.study_arguments("out"), override)
            self.assertEqual(refused.returncode, 2, refused.stdout)
            self.assertIn("expected text in UTF-8", refused.stderr)
        refused = self.run_tandem("train", "data.folder=\udcff")
        self.assertEqual(refused.returncode, 2, refused.stdout)
        self.assertIn("'data.folder': expected text in UTF-8", refused.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir() if path.is_dir()], ["data"])

    def test_a_title_adds_no_keys_to_the_study_that_is_kept(self):
        title = "it's \"so\"\n'''\nrates = [9.0]\n#\"\"\"\\"
        done = self.run_tandem(*self.study_arguments("out", f"title={json.dumps(title)}",
                                                     "seeds=[0]", "rates=[0.05]", "budgets=[10]"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads((self.folder / "out/study.json").read_text())["title"], title)
        again = self.run_tandem("study", "run", "out/study.toml", "--out", "out")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("3 done before", again.stderr)
        after = json.loads((self.folder / "out/study.json").read_text())
        self.assertEqual((after["title"], after["rates"]), (title, [0.05]))

    def test_one_trial_in_two_cells_is_a_mistake(self):
        self.study.write_text(STUDY + '[[cell]]\nname = "again"\ntrain.threads = 2\n')
        done = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("cells 'class one-hot' and 'again' are the same trials", done.stderr)

    def test_a_folder_may_have_a_plus_in_its_name(self):
        self.study.write_text(STUDY.replace('teacher = "strong"', 'teacher = "weak+strong"'))
        done = self.run_tandem(*self.study_arguments("a+b"))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_run_that_fails_early_leaves_what_is_there_to_reports(self):
        done = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(done.returncode, 0, done.stderr)
        before = json.loads((self.folder / "out/study.json").read_text())
        failed = self.run_tandem(*self.study_arguments("out", "teach.train.rate=1e9"))
        self.assertEqual(failed.returncode, 1)
        after = json.loads((self.folder / "out/study.json").read_text())
        self.assertEqual([failure["stage"] for failure in after["failures"]], ["teach"])
        # What is shown now is the cell without a teacher.
        self.assertNotEqual(after["gallery_file"], before["gallery_file"])
        self.assertEqual([f"gallery/{path.name}" for path in (self.folder / "out/gallery").iterdir()],
                         [after["gallery_file"]])
        status = self.run_tandem("study", "status", "out")
        self.assertIn("4 of 12 trials done", status.stdout)  # of the old teachers none is asked for
        self.assertEqual(self.run_tandem("report", "out").returncode, 0)

    def test_other_labels_are_not_served_an_old_result(self):
        arguments = ("train", "model.name=mlp", "model.width=16", "train.steps=5", "train.batch=20",
                     "data.validation=60", f"data.folder={self.data}", "views.policy=none")
        first = self.run_tandem(*arguments, "--out", "out")
        self.assertEqual(first.returncode, 0, first.stderr)
        labels = self.data / "train-labels-idx1-ubyte"
        content = bytearray(labels.read_bytes())
        content[8:] = bytes((label + 1) % 10 for label in content[8:])
        labels.write_bytes(bytes(content))
        second = self.run_tandem(*arguments, "--out", "out")
        self.assertEqual(second.returncode, 1)
        self.assertIn("other data", second.stderr)
        taught = self.run_tandem(*self.teach_arguments())
        self.assertEqual(taught.returncode, 0, taught.stderr)
        labels.write_bytes(bytes((label + 1) % 10 if k > 7 else label
                                 for k, label in enumerate(content)))
        again = self.run_tandem(*self.teach_arguments())
        self.assertEqual(again.returncode, 2)
        self.assertIn("other data", again.stderr)

    def test_data_is_known_by_content_and_not_by_its_place(self):
        done = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(done.returncode, 0, done.stderr)
        elsewhere = self.folder / "elsewhere"
        self.data.rename(elsewhere)
        again = self.run_tandem(*self.study_arguments("out", f"base.data.folder={elsewhere}",
                                                      "base.train.threads=2"))
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("12 done before", again.stderr)

    def test_the_number_of_workers_changes_no_result(self):
        for out, workers in (("one", 1), ("three", 3)):
            done = self.run_tandem(*self.study_arguments(out, "--workers", workers))
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.records("one"), self.records("three"))

    def interrupt(self, out, how):
        process = subprocess.Popen(
            self.command(*self.study_arguments(out, "base.train.steps=3000",
                                               "budgets=[10, 3000]", "seeds=[0]",
                                               "rates=[0.05]")),
            stderr=subprocess.PIPE, text=True, cwd=self.folder)
        trials = self.folder / out / "trials"
        deadline = time.monotonic() + 60
        while not any(trials.glob("*.partial")) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        workers = children_of(process.pid)
        process.send_signal(how)
        if how == signal.SIGKILL:  # the machine went down: nobody gets to say good-bye
            for worker in workers:
                os.kill(worker, how)
        process.communicate(timeout=60)
        return process.returncode

    def test_an_interrupted_and_a_killed_study_end_with_the_same_numbers(self):
        arguments = ("base.train.steps=3000", "budgets=[10, 3000]", "seeds=[0]", "rates=[0.05]")
        whole = self.run_tandem(*self.study_arguments("whole", *arguments))
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertEqual(self.interrupt("interrupted", signal.SIGINT), 130)
        self.assertEqual(self.interrupt("killed", signal.SIGKILL), -signal.SIGKILL)
        for out in ("interrupted", "killed"):
            self.assertLess(len(self.records(out)), 3, "the study was over before the signal")
            done = self.run_tandem(*self.study_arguments(out, *arguments))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.records(out), self.records("whole"))

    def test_ctrl_c_ends_a_study_whose_other_worker_is_idle(self):
        process = subprocess.Popen(
            self.command(*self.study_arguments("out", "base.train.steps=200000",
                                               "budgets=[200000]", "seeds=[0]", "rates=[0.05]",
                                               "--workers", 4)),
            stderr=subprocess.PIPE, text=True, cwd=self.folder)
        trials = self.folder / "out/trials"
        deadline = time.monotonic() + 60
        while len(list(trials.glob("*.partial"))) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)

    def test_a_second_process_is_told_that_the_folder_is_in_use(self):
        process = subprocess.Popen(
            self.command(*self.study_arguments("out", "base.train.steps=200000",
                                               "budgets=[200000]")),
            stderr=subprocess.PIPE, text=True, cwd=self.folder)
        deadline = time.monotonic() + 60
        while not (self.folder / "out/study.toml").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        second = self.run_tandem(*self.study_arguments("out"))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(second.returncode, 1)
        self.assertIn("in use", second.stderr)

    def test_results_of_other_data_are_not_mixed(self):
        done = self.run_tandem(*self.study_arguments("out", "seeds=[0]"))
        self.assertEqual(done.returncode, 0, done.stderr)
        images = self.data / "train-images-idx3-ubyte"
        pixels = bytearray(images.read_bytes())
        pixels[-1] ^= 1
        images.write_bytes(bytes(pixels))
        again = self.run_tandem(*self.study_arguments("out", "seeds=[0, 1]"))
        self.assertEqual(again.returncode, 1)
        self.assertIn("other data", again.stderr)

    def test_mistakes_in_any_cell_are_found_before_training(self):
        for change in ("base.views.policy=smudge", "base.model.name=vgg", "teach.steps=[5, 600]",
                       "base.train.optimizer=lion", "base.loss.target=hinge"):
            done = self.run_tandem(*self.study_arguments("out", change))
            self.assertEqual(done.returncode, 2, (change, done.stderr))
            self.assertFalse((self.folder / "out/teachers").exists())

    def test_keys_are_named_as_they_were_written(self):
        no_budget = self.run_tandem(*self.study_arguments("out", "teach.train.steps=0"))
        self.assertEqual(no_budget.returncode, 2)
        self.assertIn("teach.train: give exactly one budget", no_budget.stderr)
        self.teach()
        label = self.run_tandem(
            "label", f"data.folder={self.data}", "data.validation=60", "device=gpu",
            "target.granularity=sample", "target.content=probs",
            "target.teacher=teachers/strong.safetensors", "--out", "store.safetensors")
        self.assertEqual(label.returncode, 2)
        self.assertIn("tandem: device: expected cpu", label.stderr)

    def test_wrong_calls_exit_with_2_and_say_what_is_right(self):
        for arguments, words in (
            (("train", "train.stepz=3"), ("train.stepz", "train.steps")),
            (("train", "train.steps=3", "model.name=vgg"), ("vgg", "convnet3")),
            (("train", "train.steps=3", "data.name=imagenet21k"), ("imagenet21k", "cifar10")),
            (("train", "train.steps=3", "target.content=probs"), ("teacher",)),
            (("train", "train.steps=3", "views.policy=smudge"), ("smudge", "pad-crop")),
            (("train", "train.steps=3", "train.epochs=2"), ("exactly one budget",)),
        ):
            done = self.run_tandem(*arguments, f"data.folder={self.data}",
                                   "data.validation=60", "train.batch=20")
            self.assertEqual(done.returncode, 2, (arguments, done.stderr))
            for word in words:
                self.assertIn(word, done.stderr)

    def test_an_unknown_command_exits_with_2(self):
        done = self.run_tandem("frobnicate")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--help", done.stderr)

    def test_missing_and_broken_files_exit_with_1_and_name_the_file(self):
        images = self.data / "train-images-idx3-ubyte"
        whole = images.read_bytes()
        images.write_bytes(whole[:-1])
        broken = self.run_tandem("train", "train.steps=3", f"data.folder={self.data}")
        self.assertEqual(broken.returncode, 1, broken.stderr)
        self.assertIn(str(images), broken.stderr)
        images.unlink()
        missing = self.run_tandem("train", "train.steps=3", f"data.folder={self.data}")
        self.assertEqual(missing.returncode, 1, missing.stderr)
        self.assertIn("train-images-idx3-ubyte", missing.stderr)

    def test_a_failed_study_keeps_earlier_results(self):
        done = self.run_tandem(*self.study_arguments("out"))
        self.assertEqual(done.returncode, 0, done.stderr)
        before = self.records("out")
        (self.data / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01\0\0\0\0")
        failed = self.run_tandem(*self.study_arguments("out", "seeds=[0, 1, 2]"))
        self.assertEqual(failed.returncode, 1)
        self.assertIn("train-labels-idx1-ubyte", failed.stderr)
        self.assertEqual(self.records("out"), before)

    def test_a_diverged_trial_ends_as_diverged_and_not_the_study(self):
        done = self.run_tandem(*self.study_arguments("out", "rates=[0.05, 1e6]"))
        self.assertEqual(done.returncode, 0, done.stderr)
        outcomes = [record[0] for record in self.records("out").values()]
        self.assertIn("diverged", outcomes)
        self.assertIn("finished", outcomes)

    def test_a_mapping_changes_when_its_events_come(self):
        self.teach()
        arguments = ("train", "model.name=mlp", "model.width=16", "train.batch=20",
                     "data.validation=60", f"data.folder={self.data}", "views.policy=none",
                     "train.steps=80", "train.evaluations=15", "target.granularity=view",
                     "target.content=probs", "target.teacher=teachers/weak.safetensors")
        rules = ("passes-teacher granularity=sample teacher=teachers/strong.safetensors",
                 "step:60 granularity=class content=one-hot", "step:400 content=smoothed")
        done = self.run_tandem(*arguments, f"target.switch={json.dumps(rules)}", "--out", "passes")
        self.assertEqual(done.returncode, 0, done.stderr)
        (path,) = (self.folder / "passes/trials").glob("*/record.json")
        record = json.loads(path.read_text())
        (weak,) = (rung["validation_top1_pct"]
                   for rung in
                   json.loads((self.folder / "teachers/ladder.json").read_text())["rungs"]
                   if rung["name"] == "weak")
        passed = next(e["step"] for e in record["evaluations"]
                      if e["validation_top1_pct"] >= weak)
        self.assertEqual([(s["step"], s["phase"]) for s in record["switches"]],
                         [(passed, 1), (60, 2)])
        self.assertGreater(record["labelling_s"], 0)
        self.assertIn(f"mapping 1 in force from step {passed}: {rules[0]}", done.stdout)
        self.assertIn("mapping 3 was not reached: step:400", done.stdout)

        for rule, words in (("stpe:3 teacher=x", ("did you mean 'step'?",)),
                            ("step:3 techer=x", ("did you mean 'teacher'?",)),
                            ("step:3 teacher=nowhere", ("nowhere", "nor a file"))):
            wrong = self.run_tandem(*arguments, f"target.switch={rule}", "--out", "wrong")
            self.assertEqual(wrong.returncode, 2, wrong.stderr)
            for word in words:
                self.assertIn(word, wrong.stderr)

    def test_a_study_with_a_switch_labels_the_tables_of_every_mapping(self):
        self.study.write_text(STUDY.replace('teacher = "strong" }', 'teacher = "weak", '
                              'switch = ["step:10 granularity=sample teacher=strong"] }'))
        once = ("seeds=[0]", "rates=[0.05]")
        done = self.run_tandem(*self.study_arguments("out", *once))
        self.assertEqual(done.returncode, 0, done.stderr)
        # sample weak, and sample strong, which both cells come to
        self.assertEqual(len(list((self.folder / "out/targets").glob("*.safetensors"))), 2)
        switches = [json.loads(path.read_text())["switches"]
                    for path in sorted((self.folder / "out/trials").glob("*/record.json"))]
        self.assertEqual(sorted(len(each) for each in switches), [0, 1, 1])
        self.assertTrue(all(each[0]["step"] == 10 for each in switches if each))

        features = self.run_tandem(*self.study_arguments(
            "features", *once, "base.target.switch=step:10 granularity=view content=features "
            "teacher=strong"))
        self.assertEqual(features.returncode, 2, features.stderr)
        self.assertIn("equally wide", features.stderr)
        self.assertFalse((self.folder / "features/teachers").exists())

    def test_teach_then_train_from_its_checkpoint(self):
        self.teach()
        teacher = self.folder / "teachers/strong.safetensors"
        for granularity in ("view", "sample", "class"):
            trained = self.run_tandem(
                "train", "model.name=mlp", "model.width=16", "train.steps=30", "train.batch=20",
                "data.validation=60", f"data.folder={self.data}", "views.policy=none",
                f"target.granularity={granularity}", "target.content=probs",
                f"target.teacher={teacher}", "--out", f"runs/{granularity}")
            self.assertEqual(trained.returncode, 0, trained.stderr)
            self.assertIn("test top-1", trained.stdout)

        again = self.run_tandem("report", "runs/view")
        self.assertEqual(again.returncode, 0, again.stderr)

        arguments = ("train", "train.steps=3", "train.batch=20", "views.policy=none",
                     "target.granularity=view", "target.content=probs", "model.name=mlp",
                     f"target.teacher={teacher}")
        larger = self.folder / "larger"
        write_dataset(larger, side=SIDE + 2)
        wrong_size = self.run_tandem(*arguments, f"data.folder={larger}", "data.validation=60")
        self.assertEqual(wrong_size.returncode, 1, wrong_size.stderr)
        self.assertIn("1x12x12", wrong_size.stderr)
        leaking = self.run_tandem(*arguments, f"data.folder={self.data}", "data.validation=80")
        self.assertEqual(leaking.returncode, 1, leaking.stderr)
        self.assertIn("60 held out", leaking.stderr)

    def test_help_has_examples(self):
        for command in (("--help",), ("study", "run", "--help"), ("train", "--help"),
                        ("teach", "--help"), ("report", "--help")):
            done = self.run_tandem(*command)
            self.assertEqual(done.returncode, 0)
            self.assertIn("Example", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
