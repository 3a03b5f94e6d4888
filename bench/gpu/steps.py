"""Commands under a time limit each, with what they say in one log: one that fails or hangs does not stop the next."""

import dataclasses
import os
import pathlib
import signal
import subprocess
import time


@dataclasses.dataclass
class Ended:
    """How a command ended. `code` is None where its time was up, or there was none left to begin."""

    name: str
    code: int | None
    seconds: float
    text: str  # what it said


class Started:
    """A command that runs beside others."""

    def __init__(self, steps: "Steps", name: str, command: list[str], environment: dict[str, str]) -> None:
        self.steps, self.name, self.begin = steps, name, time.monotonic()
        self.file = steps.scratch / f"{name}.said"
        with self.file.open("wb") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                            env={**os.environ, **environment}, start_new_session=True)  # fmt: skip

    def wait(self, timeout: float) -> Ended:
        """Waits for that many seconds, counted from now, then kills the command with all of its children."""
        code: int | None
        try:
            code = self.process.wait(max(timeout, 0))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            code = None
        text = self.file.read_text(errors="replace")
        self.file.unlink()
        ended = Ended(self.name, code, time.monotonic() - self.begin, text)
        self.steps.note(ended)
        return ended


class Steps:
    """Runs commands, all of them within a time, and keeps the log."""

    def __init__(self, folder: pathlib.Path, scratch: pathlib.Path, seconds: float) -> None:
        self.folder, self.scratch = folder, scratch
        self.log = folder / "log.txt"
        self.log.write_text("")
        self.end = time.monotonic() + seconds
        self.ended: list[Ended] = []

    def left(self) -> float:
        return self.end - time.monotonic()

    def start(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> Started:
        return Started(self, name, command, environment or {})

    def run(self, name: str, command: list[str], timeout: float, environment: dict[str, str] | None = None) -> Ended:
        if self.left() < 5:
            ended = Ended(name, None, 0, "not begun: the time is up\n")
            self.note(ended)
            return ended
        return self.start(name, command, environment).wait(min(timeout, self.left()))

    def note(self, ended: Ended) -> None:
        self.ended.append(ended)
        how = "time is up" if ended.code is None else "ok" if ended.code == 0 else f"exit code {ended.code}"
        line = f"== {ended.name}: {how} ({ended.seconds:.1f} s)"
        print(line, flush=True)
        with self.log.open("a") as log:
            log.write(f"{line}\n{ended.text}\n")
