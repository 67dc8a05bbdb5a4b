"""Runs of the program with a call that fails, started by forks of a process that has it loaded."""
import errno
import os
import pathlib
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

# In memory, where there is such a folder: syncing takes no time there.
FOLDER = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# A run hangs, however busy the machine is, whose processes neither use it nor want to.
LOOK_EVERY_S, LOOKS_OF_A_HANG, IDLE_TICKS = 4, 4, 2


class Run:
    """What became of one run."""

    def __init__(self, status, folder, orphans, seconds):
        self.hung = status is None
        self.code = None if self.hung else os.waitstatus_to_exitcode(status)
        self.stdout = (folder / "stdout").read_text(errors="replace")
        self.stderr = (folder / "stderr").read_text(errors="replace")
        self.orphans = orphans
        self.seconds = seconds
        self.calls, self.hits = [], []
        log = folder / "log"
        for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
            word, number, process, call, path = line.split(" ", 4)
            (self.calls if word == "call" else self.hits).append((int(number), call, path))


def stats_of(session):
    """(id, name, fields of /proc/ID/stat from the state on) of its processes that are not over."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                text = pathlib.Path(entry.path, "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            name, fields = text[text.index("(") + 1:].rsplit(")", 1)
            fields = fields.split()
            if int(fields[3]) == session and fields[0] != "Z":
                yield int(entry.name), name, fields


def processes_of(session):
    """Those of a run that have not ended, without the one that makes its children."""
    return [process for process, name, _ in stats_of(session) if name != "fault-spawner"]


def use_of_processor(session):
    """Clock ticks that the session's processes have used, and whether one wants more now."""
    stats = [fields for _, _, fields in stats_of(session)]
    return (sum(int(fields[11]) + int(fields[12]) for fields in stats),
            any(fields[0] in "RD" for fields in stats))


def kill_processes_of(session):
    killed = processes_of(session)
    for process in killed:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return killed


class Program:
    """The program, loaded once. Runs come one after another; use one object per thread."""

    def __init__(self, tandem, shim):
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "LD_PRELOAD": str(shim), "OMP_NUM_THREADS": "1",
                       "FAULTS_SERVER": str(theirs.fileno())}
        environment.pop("TANDEM_CACHE", None)
        self.server = subprocess.Popen([str(tandem)], env=environment,
                                       pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        self.socket = ours
        self.unread = b""
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="tandem-run-", dir=FOLDER))
        self.words = [str(tandem)]

    def close(self):
        self.socket.close()
        self.server.wait()
        shutil.rmtree(self.scratch)

    def answer(self, session=None):
        """A number from the process that forks; None where the processes of the session hang."""
        idle, used = 0, 0
        while b"\n" not in self.unread:
            if not select.select([self.socket], [], [], LOOK_EVERY_S)[0]:
                if session:
                    before, (used, busy) = used, use_of_processor(session)
                    idle = 0 if busy or used - before > IDLE_TICKS else idle + 1
                if idle == LOOKS_OF_A_HANG:
                    return None
                continue
            got = self.socket.recv(4096)
            if not got:
                raise RuntimeError("the process that forks has ended")
            self.unread += got
        line, self.unread = self.unread.split(b"\n", 1)
        return int(line)

    def run(self, arguments, folder, *, at=0, how="", stays=False, pipes=True, tick_s=0,
            cache=None, counted=None, meanwhile=None):
        """Runs the program in `folder`; of the calls on files in `counted`, number `at` fails.

        `meanwhile` is called with the process id while the run goes on.
        """
        for name in ("count", "log"):
            (self.scratch / name).unlink(missing_ok=True)
        settings = {"FAULTS_FOLDER": counted or folder, "FAULTS_COUNT": self.scratch / "count",
                    "FAULTS_LOG": self.scratch / "log", "FAULTS_AT": at, "FAULTS_HOW": how,
                    "FAULTS_STAYS": "1" if stays else "", "FAULTS_PIPES": "1" if pipes else ""}
        if tick_s:
            settings["FAULTS_TICK_S"] = tick_s
        if cache:
            settings["TANDEM_CACHE"] = cache
        words = [str(folder), str(self.scratch / "stdout"), str(self.scratch / "stderr"),
                 str(len(settings)), *(f"{key}={value}" for key, value in settings.items()),
                 *self.words, *map(str, arguments)]
        text = b"".join(word.encode() + b"\0" for word in words)
        begin = time.monotonic()
        self.socket.sendall(struct.pack("<I", len(text)) + text)
        process = self.answer()
        if meanwhile:
            meanwhile(process)
        status = self.answer(process)
        if status is None:
            kill_processes_of(process)
            self.answer()
        orphans = []
        if self.answer(process) is None:
            orphans = kill_processes_of(process)
            self.answer()
        return Run(status, self.scratch, orphans, time.monotonic() - begin)


def reason_of(how):
    """The system's words for an error's name."""
    return os.strerror(getattr(errno, how))
