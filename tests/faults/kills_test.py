#!/usr/bin/env python3
"""Runs that are killed: the same command again ends with the same bytes, and nothing is left over.

    python3 tests/faults/kills_test.py <path of tandem> <path of libtandem_faults.so>

TANDEM_KILLS="all" kills at every call that changes something, and TANDEM_RANDOM_KILLS that often at
a moment of its own; drawn by TANDEM_FAULTS_SEED, for at most TANDEM_FAULTS_SECONDS each.
"""
import os
import random
import signal
import sys
import time
import unittest

from program import processes_of
from sweeping import Sweep, setting

STUDIES = ("study", "study with checkpoints", "study of more seeds")
ALL = (*STUDIES, "teach", "label", "train", "train on pictures", "encode a store")


class Kill:
    """At a random moment: the parent, the parent and its workers, or a worker."""

    def __init__(self, chance, longest_s):
        self.whom = chance.choice(("parent", "all", "worker"))
        self.after_s = chance.uniform(0, longest_s)

    def __call__(self, parent):
        time.sleep(self.after_s)
        processes = processes_of(parent)
        workers = [process for process in processes if process != parent]
        chosen = {"parent": [parent], "all": processes, "worker": workers[:1]}[self.whom]
        for process in chosen:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass


class Kills(unittest.TestCase):
    def try_all(self, what, names, points_of, wanted, try_one):
        sweep = Sweep(names)
        self.addCleanup(sweep.close)
        points = sweep.drawn(points_of(sweep), wanted)
        findings = sweep.try_all(what, points, try_one)
        self.assertFalse(findings, f"{len(findings)} findings, listed above")

    def test_a_run_killed_at_a_call_goes_on_to_the_same_bytes(self):
        self.try_all("kills at calls", ALL, lambda sweep: [
            (stage, point) for stage in sweep.stages for point in stage.kill_points()],
            setting("TANDEM_KILLS", 20),
            lambda pair, program, place: pair[0].try_kill(program, place, point=pair[1]))

    def test_a_study_killed_at_a_random_moment_goes_on_to_the_same_bytes(self):
        times = int(setting("TANDEM_RANDOM_KILLS", 10))

        def kills(sweep):
            chance = random.Random(sweep.seed)
            stages = [chance.choice(sweep.stages) for _ in range(times)]
            return [(stage, Kill(chance, 1.2 * stage.seconds)) for stage in stages]

        self.try_all("kills at random moments", STUDIES, kills, "all",
                     lambda pair, program, place:
                     pair[0].try_kill(program, place, meanwhile=pair[1]))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
