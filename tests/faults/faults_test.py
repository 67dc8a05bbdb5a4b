#!/usr/bin/env python3
"""Calls that fail: every command says so and leaves everything such that it can be run again.

    python3 tests/faults/faults_test.py <path of tandem> <path of libtandem_faults.so>

TANDEM_FAULTS="all" tries every call (hours); otherwise that many, drawn by TANDEM_FAULTS_SEED, for
at most TANDEM_FAULTS_SECONDS. TANDEM_FAULTS_RUNS="study,fetch" tries these runs only, and
TANDEM_FAULTS_POINT="17 EIO" that call of them.
"""
import sys
import unittest

from sweeping import Sweep, setting

ALIKE = {"fetch": 8}  # of calls alike, how many are tried; thousands of writes copy one file


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        names = setting("TANDEM_FAULTS_RUNS", "")
        cls.sweep = Sweep(names.split(",") if names else ())
        cls.addClassCleanup(cls.sweep.close)

    def test_what_is_renamed_into_place_is_synced_before_and_its_folder_after(self):
        for stage in self.sweep.stages:
            self.assertEqual(stage.renames_not_durable(), [], stage.run.name)

    def test_a_call_that_fails_is_told_and_the_same_command_goes_on(self):
        points = [(stage, point) for stage in self.sweep.stages
                  for point in stage.points(ALIKE.get(stage.run.name))]
        print(f"{len(points)} points")
        if wanted := setting("TANDEM_FAULTS_POINT", ""):
            points = [pair for pair in points if f"{pair[1].number} {pair[1].how}" == wanted]
        findings = self.sweep.try_all(
            "faults", self.sweep.drawn(points, setting("TANDEM_FAULTS", 200)),
            lambda pair, program, place: pair[0].try_point(program, pair[1], place))
        self.assertFalse(findings, f"{len(findings)} findings, listed above")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
