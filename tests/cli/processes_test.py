#!/usr/bin/env python3
"""Processes, signals, terminals and the machine's limits, as a user meets them.

    python3 tests/cli/processes_test.py <path of the tandem program>
"""
import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
import unittest

from command_line import CommandLineTest, children_of, write_dataset

STUDY = """
name = "two"
seeds = [0, 1]
rates = [0.05]
budgets = [10]
goals = [50]
[base]
data = {{ name = "fashion-mnist", folder = "{data}", validation = 60 }}
views.policy = "none"
train = {{ batch = 20, steps = 10, schedule = "constant" }}
[[cell]]
name = "good"
baseline = true
model = {{ name = "mlp", width = 16 }}
[[cell]]
name = "one image a step"
model = {{ name = "resnet18", width = 8, stem = "imagenet" }}
train.batch = 1
"""


def state_of(process):
    """The letter that ps shows: R, S, T, Z, ...; nothing once it is gone."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return ""


class Processes(CommandLineTest):
    def train(self, steps, out):
        return self.command(
            "train", "data.name=fashion-mnist", f"data.folder={self.data}", "data.validation=60",
            "views.policy=none", "model.name=mlp", "model.width=16", "train.batch=20",
            f"train.steps={steps}", "--out", out)

    def evaluations(self, out):
        (record,) = (self.folder / out).glob("trials/*/record.json")
        return [(e["step"], e["train_loss"], e["validation_top1_pct"])
                for e in json.loads(record.read_text())["evaluations"]]

    def wait_for(self, holds, what, seconds=60):
        limit = time.monotonic() + seconds
        while not holds():
            self.assertLess(time.monotonic(), limit, what)
            time.sleep(0.02)

    def run_in(self, folder, command, **streams):
        return subprocess.run(command, cwd=folder, timeout=120, check=False, **streams)

    # What is told is lost where nobody can read it, and the work goes on.

    def test_a_terminal_that_goes_away_ends_no_run(self):
        master, slave = pty.openpty()
        run = subprocess.Popen(self.train(3000, "out"), stdin=slave, stdout=slave, stderr=slave,
                               cwd=self.folder, start_new_session=True)
        os.close(slave)
        os.read(master, 300)  # it has begun to tell
        os.close(master)
        # The result could not be written, but it is there.
        self.assertEqual(run.wait(timeout=120), 1)
        self.assertEqual(self.evaluations("out")[-1][0], 3000)

    def test_an_error_output_that_takes_nothing_ends_no_run(self):
        with open("/dev/full", "wb") as full:
            done = self.run_in(self.folder, self.train(50, "out"), stderr=full,
                               stdout=subprocess.PIPE)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"test top-1", done.stdout)

    def test_closed_outputs_end_no_run_and_no_file_gets_their_numbers(self):
        closed = self.run_in(self.folder, ["sh", "-c", '"$@" >&- 2>&- <&-', "sh",
                                           *self.train(50, "closed")])
        self.assertEqual(closed.returncode, 1)
        self.run_in(self.folder, self.train(50, "open"), capture_output=True)
        self.assertEqual(self.evaluations("closed"), self.evaluations("open"))

    def test_a_result_that_cannot_be_written_is_an_error(self):
        self.assertEqual(self.run_in(self.folder, self.train(50, "out"),
                                     capture_output=True).returncode, 0)
        for arguments in (["train", "--show-config"], ["data", "list"], ["--help"],
                          ["study", "status", "out"], ["report", "out", "--json"],
                          self.train(50, "out")[1:]):
            with open("/dev/full", "wb") as full:
                done = self.run_in(self.folder, self.command(*arguments), stdout=full,
                                   stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertEqual(done.stderr.decode().count("No space left on device"), 1, arguments)

    def test_a_reader_that_has_gone_is_not_told_so(self):
        read, write = os.pipe()
        os.close(read)
        done = self.run_in(self.folder, self.command("train", "--show-config"), stdout=write,
                           stderr=subprocess.PIPE)
        os.close(write)
        self.assertEqual((done.returncode, done.stderr), (1, b""))

    # Signals.

    def test_a_hangup_keeps_what_is_done_unless_it_is_to_be_ignored(self):
        expected = self.run_in(self.folder, self.train(3000, "whole"), capture_output=True)
        self.assertEqual(expected.returncode, 0, expected.stderr)
        for before, code in ([], 130), (["nohup"], 0):
            out = f"out{code}"
            run = subprocess.Popen([*before, *self.train(3000, out)], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.wait_for(lambda: list((self.folder / out).rglob("*.safetensors*")), "a checkpoint")
            run.send_signal(signal.SIGHUP)
            run.communicate(timeout=120)
            self.assertEqual(run.returncode, code, before)
        again = self.run_in(self.folder, self.train(3000, "out130"), capture_output=True)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.evaluations("out130"), self.evaluations("whole"))

    def test_a_file_beyond_its_limit_is_an_error_in_words(self):
        done = self.run_in(
            self.folder, self.train(50, "out"), capture_output=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b"File too large", done.stderr)

    # Workers.

    def study(self, *more, steps=10):
        # Images of which a ResNet leaves one pixel, so that batches of one have no statistics.
        data = self.folder / "data17"
        if not data.exists():
            write_dataset(data, side=17)
        path = self.folder / "study.toml"
        path.write_text(STUDY.format(data=data))
        return self.command("study", "run", path, "--out", "out", f"base.train.steps={steps}",
                            f"budgets=[{steps}]", *more)

    def test_one_failing_cell_leaves_the_others_alone(self):
        for run in (1, 2):  # the second tries it again, once
            done = subprocess.run(self.study("keep_weights=false"), cwd=self.folder,
                                  capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("2 job(s) of \"two\" failed", done.stderr)
            self.assertIn("one image a step, rate 0.05, seed 0 and 1 more: ", done.stderr)
            self.assertNotIn("frame #", done.stderr)
            self.assertIn("train  0 done, 2 done before, 2 failed" if run == 2 else
                          "train  2 done, 2 failed", done.stderr)
            self.assertIn("good", done.stdout)
        record = json.loads((self.folder / "out/study.json").read_text())
        self.assertEqual([f["job"] for f in record["failures"]],
                         [f"one image a step, rate 0.05, seed {seed}" for seed in (0, 1)])
        # Whose weights are tested may change once the others are there.
        self.assertEqual(len(list((self.folder / "out/trials").glob("*[!l]/weights"))), 2)
        page = (self.folder / "out/report/index.html").read_text()
        self.assertIn("What could not be done", page)
        status = self.run_tandem("study", "status", "out")
        self.assertIn("one image a step, rate 0.05, seed 0 and 1 more", status.stdout)

    def test_a_stopped_worker_does_not_keep_a_run_from_ending(self):
        run = subprocess.Popen(self.study("--workers", "2", steps=100000), cwd=self.folder,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.wait_for(lambda: len(children_of(run.pid)) == 2, "workers")
        workers = children_of(run.pid)
        os.kill(workers[0], signal.SIGSTOP)
        self.wait_for(lambda: state_of(workers[0]) == "T", "the worker to stop")
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=60)
        self.assertEqual(run.returncode, 130)
        self.wait_for(lambda: not any(map(state_of, workers)), "the workers' end")

    def test_no_worker_outlives_its_parent(self):
        run = subprocess.Popen(self.study("--workers", "2", steps=100000), cwd=self.folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_for(lambda: len(children_of(run.pid)) == 2, "workers")
        workers = children_of(run.pid)
        os.kill(workers[0], signal.SIGSTOP)
        run.kill()
        run.wait()
        self.wait_for(lambda: not any(map(state_of, workers)), "the workers' end")

    # The machine.

    def test_workers_are_as_many_as_processors_may_be_used(self):
        one = min(os.sched_getaffinity(0))
        done = self.run_in(self.folder, ["taskset", "-c", str(one), *self.study()],
                           capture_output=True)
        self.assertIn(b", 1 workers, ", done.stderr)

    def test_too_small_an_address_space_is_told_instead_of_waiting_for_ever(self):
        done = self.run_in(
            self.folder, self.train(50, "out"), capture_output=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (900 << 20, 900 << 20)))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b"its limit (ulimit -v) is 900 MiB", done.stderr)

    def test_threads_beyond_any_machine_are_refused(self):
        self.assertEqual(self.run_tandem(*self.train(50, "out")[1:], "train.threads=100000").returncode, 2)
        done = self.run_tandem("label", "threads=100000", "target.teacher=t", "target.content=probs")
        self.assertEqual(done.returncode, 2)
        self.assertIn("threads: expected 1 to 1024, got 100000", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
