"""Every call of a run that could fail: what each failure must come to, and whether it does."""
import dataclasses
import pathlib
import re
import shutil
import signal
import tempfile
import time

from program import FOLDER, reason_of
from results import LEFT_OPEN, contents, differences, matches, names_in, raw
from small_runs import write_inputs

ERRORS = {
    "open": ("EIO", "EMFILE"), "create": ("ENOSPC", "EMFILE", "full"), "mkdir": ("ENOSPC",),
    "read": ("EIO", "short"), "pread": ("EIO", "short"), "readdir": ("EIO",), "mmap": ("ENOMEM",),
    "write": ("EIO", "ENOSPC", "short"), "pwrite": ("EIO", "ENOSPC", "short"),
    "flush": ("EIO", "ENOSPC"), "fsync": ("EIO",), "ftruncate": ("ENOSPC",), "close": ("EIO",),
    "rename": ("EIO",), "unlink": ("EIO",), "flock": ("EIO",),
}
ERRORS_OF_PIPES = {"read": ("EIO", "EINTR", "short"), "write": ("EIO", "EINTR", "short"),
                   "flush": ("EIO",), "close": ("EIO",)}
SETTLED_S = 2.5  # pictures that are younger are not known by their times
HARMLESS = {"EINTR", "short"}  # a program that goes on sees no failure
WRITING = {"create", "write", "flush", "pwrite", "fsync", "rename", "ftruncate", "mkdir"}
CHANGING = WRITING | {"unlink"}


@dataclasses.dataclass(frozen=True)
class Point:
    run: object  # a SmallRun
    number: int
    call: str
    path: str
    how: str

    def __str__(self):
        return f"{self.run.name}: call {self.number}, {self.call} of {self.path}: {self.how}"


@dataclasses.dataclass(frozen=True)
class Finding:
    point: Point
    kind: str
    detail: str


class Stage:
    """One small run: the folder as it is before, and as it is after an undisturbed run."""

    def __init__(self, run, program):
        self.run = run
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tandem-faults-", dir=FOLDER))
        self.before = self.folder / "before"
        self.before.mkdir()
        write_inputs(self.before, self.folder)
        if "cache" in run.settings:
            time.sleep(SETTLED_S)
        for command in run.before:
            self.succeed(program, command, self.before)
        self.kept = raw(self.before, run.kept)
        whole = self.copy("whole")
        first = self.succeed(program, run.arguments, whole)
        self.expected = contents(whole, run.timed)
        self.calls = [(number, call, self.short(path, whole))
                      for number, call, path in first.calls]
        again = self.copy("again")
        self.seconds = self.succeed(program, run.arguments, again).seconds
        if differing := differences(self.expected, contents(again, run.timed)):
            raise AssertionError(f"{run.name}: two undisturbed runs differ: {differing}")

    def close(self):
        shutil.rmtree(self.folder)

    def copy(self, name):
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.before, target, symlinks=True)
        return target

    def start(self, program, arguments, folder, **more):
        settings = {**self.run.settings, "counted": self.folder, **more}
        if "cache" in settings:
            settings["cache"] = folder / settings["cache"]
        return program.run(arguments, folder, **settings)

    def succeed(self, program, arguments, folder):
        done = self.start(program, arguments, folder)
        if done.code != 0:
            raise AssertionError(f"{self.run.name}: {arguments}: {done.code} {done.stderr}")
        return done

    def short(self, path, folder):
        """Of a path its part in the folder, without the process id in temporary names."""
        inner = path.removeprefix(f"{folder}/").removeprefix(f"{self.folder}/")
        if path == str(folder):
            return "."
        return re.sub(r"\.tmp-\d+-", ".tmp-", inner)

    def points(self, most_alike=None):
        """All of them, or of calls of one kind on one file the first and last few."""
        alike = {}
        for number, call, path in self.calls:
            alike.setdefault((call, path), []).append(number)
        points = []
        for (call, path), numbers in alike.items():
            if most_alike and len(numbers) > most_alike:
                numbers = numbers[:most_alike // 2] + numbers[-(most_alike // 2):]
            points += [Point(self.run, number, call, path, how)
                       for number in numbers
                       for how in (ERRORS_OF_PIPES if path == "pipe" else ERRORS)[call]]
        return sorted(points, key=lambda point: point.number)

    def kill_points(self):
        """Each call that changes files or pipes, with the process or the whole run killed at it."""
        return [Point(self.run, number, call, path, how) for number, call, path in self.calls
                for how in ("kill", "kill-tree") if call in CHANGING]

    def renames_not_durable(self):
        """Renames whose file was not synced before, or whose folder was not synced after."""
        bad = []
        for place, (_, call, path) in enumerate(self.calls):
            if call != "rename":
                continue
            before = [each for _, each, of in self.calls[:place] if of.startswith(f"{path}.tmp-")]
            if "fsync" not in before[before.index("write") if "write" in before else 0:] and before:
                bad.append(f"{path} is not synced")
            folder = str(pathlib.PurePath(path).parent)
            if ("fsync", folder) not in [(each, of) for _, each, of in self.calls[place:]]:
                bad.append(f"{path} is not synced by its folder")
        return bad

    def try_point(self, program, point, place):
        """Runs with the fault, checks, runs again without, checks; returns the findings."""
        folder = self.copy(place)
        full = point.how == "full"
        hurt = self.start(program, self.run.arguments, folder, at=point.number,
                          how="ENOSPC" if full else point.how, stays=full)
        found = []
        hit = [(call, self.short(path, folder)) for _, call, path in hurt.hits]
        if hit:  # calls of two processes come in this order and that
            point = dataclasses.replace(point, call=hit[0][0], path=hit[0][1])
        note = lambda kind, detail="": found.append(Finding(point, kind, str(detail).strip()))
        if hurt.hung:
            note("hangs", hurt.stderr[-200:])
        elif hurt.code < 0:
            note("ends by a signal", f"{-hurt.code} {hurt.stderr}")
        elif hurt.code == 0 and hit:
            self.check_unhurt(point, hit[0], folder, note)
        elif hurt.code not in (0, 1):
            note(f"exit code {hurt.code}", hurt.stderr)
        if hurt.code not in (0, None) and hit:
            self.check_message(point, hit[0], hurt, note)
        if hurt.orphans:
            note("leaves processes", hurt.orphans)
        self.check_folder(point, hit, folder, note)
        if hurt.code != 0:
            self.check_again(program, folder, note)
        shutil.rmtree(folder)
        return found

    def try_kill(self, program, place, point=None, meanwhile=None):
        """Kills at the point, or as `meanwhile` does; checks; runs again and checks that."""
        folder = self.copy(place)
        how = {"at": point.number, "how": point.how} if point else {"meanwhile": meanwhile}
        killed = self.start(program, self.run.arguments, folder, **how)
        found = []
        note = lambda kind, detail="": found.append(
            Finding(point or self.run.name, kind, str(detail).strip()))
        if killed.hung:
            note("hangs", killed.stderr[-200:])
        elif killed.code not in (-signal.SIGKILL, 0, 1):
            note(f"exit code {killed.code}", killed.stderr[-300:])
        elif killed.code == 1 and "was killed by signal 9" not in killed.stderr:
            note("the message does not say that a worker was killed", killed.stderr[-300:])
        if killed.orphans:
            note("leaves processes", killed.orphans)
        if changed := self.changed(folder):
            note("an earlier result is changed", changed)
        self.check_again(program, folder, note)
        shutil.rmtree(folder)
        return found

    def check_again(self, program, folder, note):
        """The same command, undisturbed, comes to what it always comes to."""
        again = self.start(program, self.run.arguments, folder)
        done = again.code == 2 and self.run.refuses_again and "is there already" in again.stderr
        if again.code != 0 and not done:
            note("the same command again fails", f"{again.code} {again.stderr}")
            return
        try:
            differing = differences(self.expected, contents(folder, self.run.timed))
        except ValueError as error:
            differing = [str(error)]
        if differing and all(each.endswith(": new") for each in differing):
            note("something is left over", differing[:6])
        elif differing:
            note("the same command again gives another result", differing[:6])

    def check_unhurt(self, point, hit, folder, note):
        call, path = hit
        differing = differences(self.expected, contents(folder, self.run.timed))
        # A lease that could not be removed is one whose holder is gone.
        differing = [each for each in differing if not each.endswith(".lease: new")]
        if differing:
            note("exit code 0 with another result", differing[:6])
        elif call in WRITING and path != "pipe" and point.how not in HARMLESS and not (
                call == "pwrite" and path.endswith(".lease")):  # the next renewal makes up for it
            note("a failure to write is passed over", path)

    def check_message(self, point, hit, hurt, note):
        call, path = hit
        text = hurt.stderr
        lines = [line for line in text.splitlines() if line.startswith("tandem: ")]
        meant = point.how in (ERRORS_OF_PIPES if path == "pipe" else ERRORS)[call]
        if "frame #" in text or "terminate called" in text:
            note("the message is for programmers", text[-400:])
        if len(lines) != 1:
            note(f"{len(lines)} messages", text[-400:])
        if not meant:
            return  # calls came in another order, and the error does not suit this one
        if point.how in HARMLESS:
            note("what a program should go on after ends it", text[-300:])
        elif path != "pipe":
            name = re.sub(r"(\.tmp-.*|\.partial|\.part|/\.lock)$", "", path)
            if not any(part in text for part in (path, name, name.split("/")[-1])):
                note("the message does not name the file", text[-300:])
            reason = "ENOSPC" if point.how == "full" else point.how
            if reason_of(reason) not in text:
                note("the message does not say the system's reason", text[-300:])

    def check_folder(self, point, hit, folder, note):
        left = [name for name in names_in(folder) if matches(name, LEFT_OPEN)]
        if left and not any(call == "unlink" for call, _ in hit):
            note("temporary files are left", left)
        if changed := self.changed(folder):
            note("an earlier result is changed", changed)

    def changed(self, folder):
        return [name for name in differences(self.kept, raw(folder, self.run.kept))
                if not name.endswith(": new")]
