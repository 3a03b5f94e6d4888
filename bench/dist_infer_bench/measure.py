"""Runs one command and measures it as a whole: wall time, CPU time and peak memory of all of its processes."""

import contextlib
import ctypes
import dataclasses
import os
import pathlib
import signal
import subprocess
import threading
import time

SAMPLE_SECONDS = 0.02
SAMPLE_SHARE = 0.02  # of one core, which sampling may take at most
PR_SET_CHILD_SUBREAPER = 36


@dataclasses.dataclass(frozen=True)
class Measured:
    """What one run took."""

    exit_code: int
    wall_s: float
    cpu_s: float  # user and system, of every process that was waited for
    peak_rss: int  # bytes: the sum over the processes of the most that each had resident, shared pages in each
    peak_anonymous: int  # bytes: the most that all had together in pages that belong to no file
    processes: int


def adopt_orphans() -> None:
    """Makes this process the parent of descendants whose own parent ends, so that none is lost from sight."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def children(pid: int) -> list[int]:
    """The direct children of a process; none where it has ended."""
    found: list[int] = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            found += map(int, pathlib.Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
    return found


def descendants(pid: int) -> list[int]:
    """Every process below `pid`."""
    found = children(pid)
    for child in found:  # grows as it goes
        found += children(child)
    return found


def memory(pid: int) -> tuple[int, int]:
    """Bytes of a process: the most that was ever resident, and what it has now in pages of no file."""
    fields = {"VmHWM": 0, "RssAnon": 0, "RssShmem": 0}
    try:
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    for name, _, value in (line.partition(":") for line in lines):
        if name in fields:
            fields[name] = int(value.split()[0]) * 1024
    return fields["VmHWM"], fields["RssAnon"] + fields["RssShmem"]


class Sampler(threading.Thread):
    """Looks at the processes below this one until it is stopped."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stopped = threading.Event()
        self.most: dict[int, int] = {}
        self.peak_anonymous = 0

    def sample(self) -> None:
        now = {pid: memory(pid) for pid in descendants(os.getpid())}
        for pid, (most, _) in now.items():
            self.most[pid] = max(most, self.most.get(pid, 0))
        self.peak_anonymous = max(self.peak_anonymous, sum(anonymous for _, anonymous in now.values()))

    def run(self) -> None:
        pause = 0.0
        while not self.stopped.wait(pause):
            start = time.thread_time()
            self.sample()
            pause = max(SAMPLE_SECONDS, (time.thread_time() - start) / SAMPLE_SHARE)

    def stop(self) -> None:
        self.stopped.set()
        self.join()


def end_leftovers() -> None:
    """Ends what a command left running, so that it does not disturb the next one."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 5
        left = descendants(os.getpid())
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
        while left and time.monotonic() < deadline:
            left = [pid for pid in left if not reaped(pid)]
            time.sleep(0.01)


def reaped(pid: int) -> bool:
    """Whether a process is gone; takes its exit status where it is a child of this one."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return not os.path.exists(f"/proc/{pid}")


def cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def run(command: list[str], environment: dict[str, str], log: pathlib.Path, timeout: float) -> Measured:
    """Runs a command with its output in `log`. A command that takes too long is ended, with the exit code -9.

    @pre adopt_orphans() was called, and this process has no other children.
    """
    cpu = cpu_of_children()
    sampler = Sampler()
    with log.open("wb") as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                   env={**os.environ, **environment}, start_new_session=True)  # fmt: skip
        sampler.start()
        try:
            exit_code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            exit_code = process.wait()
        wall = time.monotonic() - start
    sampler.stop()
    end_leftovers()
    return Measured(exit_code, wall, cpu_of_children() - cpu, sum(sampler.most.values()), sampler.peak_anonymous,
                    len(sampler.most))  # fmt: skip
