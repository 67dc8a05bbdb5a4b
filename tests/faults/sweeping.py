"""Many points tried by as many programs as there are processors, until the time is over.

TANDEM_FAULTS_THREADS says another number of programs, for a machine on which others work too.
"""
import collections
import concurrent.futures
import os
import pathlib
import queue
import random
import sys
import threading
import time

from known import is_known
from program import Program
from small_runs import RUNS
from sweep import Stage

BUILT = ("build/release/tandem", "build/release/tests/faults/libtandem_faults.so")
TANDEM, SHIM = (pathlib.Path(path).resolve() for path in (sys.argv[1:3] or BUILT))
PROGRESS_EVERY = 100
DRAW = 11  # the same for everyone who says no other, so that a failure is somebody's change


def setting(name, default):
    return os.environ.get(name) or default


THREADS = int(setting("TANDEM_FAULTS_THREADS", os.cpu_count()))


class Sweep:
    def __init__(self, names=()):
        """Of the runs that are named, or of all."""
        self.begin = time.monotonic()
        self.seed = int(setting("TANDEM_FAULTS_SEED", DRAW))
        self.free = queue.SimpleQueue()
        self.programs = [Program(TANDEM, SHIM) for _ in range(THREADS)]
        for program in self.programs:
            self.free.put(program)
        self.stages = list(self.map(Stage, [run for run in RUNS if not names or run.name in names]))

    def close(self):
        for each in (*self.stages, *self.programs):
            each.close()

    def map(self, function, values):
        """function(value, program) of each, in threads, as they come to an end."""
        def one(value):
            program = self.free.get()
            try:
                return function(value, program)
            finally:
                self.free.put(program)
        with concurrent.futures.ThreadPoolExecutor(THREADS) as threads:
            for done in concurrent.futures.as_completed(
                    [threads.submit(one, value) for value in values]):
                yield done.result()

    def drawn(self, points, wanted):
        """`wanted` of the points, or "all", in an order of the seed's."""
        random.Random(self.seed).shuffle(points)
        return points if wanted == "all" else points[:int(wanted)]

    def try_all(self, what, points, try_one):
        """try_one(point, program, place) -> findings, of each; prints and returns the findings."""
        end = time.monotonic() + float(setting("TANDEM_FAULTS_SECONDS", "inf"))
        tried, known, findings = 0, 0, []

        def one(point, program):
            in_time = time.monotonic() < end
            return try_one(point, program, f"try-{threading.get_ident()}") if in_time else None

        for found in self.map(one, points):
            tried += found is not None
            if found is not None and tried % PROGRESS_EVERY == 0:
                print(f"... {tried} of {len(points)} tried", flush=True)
            for each in found or ():
                if is_known(each):
                    known += 1
                    continue
                print(f"{each.point}\n    {each.kind}: {each.detail}", flush=True)
                findings.append(each)
        print(f"{what}: {tried} tried, {len(findings)} findings and {known} known, "
              f"TANDEM_FAULTS_SEED={self.seed}, {time.monotonic() - self.begin:.0f} s")
        for kind, count in collections.Counter(each.kind for each in findings).most_common():
            print(f"  {count} x {kind}", flush=True)
        return findings
