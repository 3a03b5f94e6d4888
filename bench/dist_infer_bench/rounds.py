"""Contenders take turns on a work (A B C A B C ...), and what each took and wrote is noted."""

import dataclasses
import json
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Callable

from . import compare, measure, works
from .contenders import ENVIRONMENT, Contender, Places, command
from .results import Runs

TOLERANCE = 1e-3  # of an output, beyond which a contender computed something else
PRIME_SCALE = 1e-9  # of the work on which contenders get ready: two batches


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


@dataclasses.dataclass(frozen=True)
class Rounds:
    """Runs contenders on works, with all files below one folder."""

    folder: pathlib.Path
    places: Places
    repeats: int
    timeout: float  # seconds, of one run
    log: Callable[[str], None] = say

    def make(self, work: works.Work) -> works.Files:
        return works.make(work, self.folder / "works", self.log)

    def outputs(self, work: works.Work) -> pathlib.Path:
        return self.folder / "runs" / f"{work.name}-{work.rows}"

    def prime(self, work: works.Work, contenders: list[Contender]) -> None:
        """Runs every contender once on two batches, so that its libraries are in the page cache."""
        work = work.scaled(PRIME_SCALE)
        files = self.make(work)
        for contender in contenders:
            self.log(f"{contender.name} gets ready")
            self.run(contender, work, files)

    def measure_work(self, work: works.Work, contenders: list[Contender]) -> list[Runs]:
        """All rounds of a work. A contender that failed is left out of the rounds that follow."""
        files = self.make(work)
        works.warm(files)
        self.reference(work).unlink(missing_ok=True)
        all_runs = [Runs(contender) for contender in contenders]
        for number in range(self.repeats):
            self.log(f"{work.name}, round {number + 1} of {self.repeats}")
            for runs in all_runs:
                if not runs.failure:
                    self.turn(runs, work, files)
        return all_runs

    def turn(self, runs: Runs, work: works.Work, files: works.Files) -> None:
        """One run of one contender, added to its runs."""
        folder = self.outputs(work) / runs.contender.name
        measured = self.run(runs.contender, work, files)
        if measured.exit_code and measured.wall_s >= self.timeout:
            runs.failure = f"took longer than {self.timeout:g} s"
        elif measured.exit_code:
            runs.failure = f"failed with exit code {measured.exit_code}"
        elif runs.contender.is_floor:
            wall = json.loads((folder / "log.txt").read_text().splitlines()[-1])["wall_s"]
            measured = dataclasses.replace(measured, wall_s=wall)
        else:
            self.hold(runs, folder / "out.h5", self.reference(work))
        if runs.failure:
            self.log(f"{runs.contender.name} {runs.failure}; see {folder}/log.txt")
        else:
            runs.measured.append(measured)
            self.log(f"{work.name} {runs.contender.name}: {measured.wall_s:.2f} s, {measured.peak_rss / 1e6:.0f} MB")

    def run(self, contender: Contender, work: works.Work, files: works.Files) -> measure.Measured:
        """One run, with nothing of earlier ones in the way: neither files nor what is on its way to the disk."""
        folder = self.outputs(work) / contender.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        os.sync()
        with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as ray_folder:
            environment = {**ENVIRONMENT, "RAY_TMPDIR": ray_folder}
            words = command(contender, work, files, folder / "out.h5", self.places)
            return measure.run(words, environment, folder / "log.txt", self.timeout)

    def reference(self, work: works.Work) -> pathlib.Path:
        """The first output of a work, against which all later ones are held."""
        return self.outputs(work) / "reference.h5"

    def hold(self, runs: Runs, output: pathlib.Path, reference: pathlib.Path) -> None:
        """Holds an output against the reference, and drops it, since it is not needed any more."""
        if not output.exists():
            runs.failure = "wrote no output"
            return
        if not reference.exists():
            output.rename(reference)
            return
        runs.difference = compare.compare(output, reference).worse(runs.difference)
        output.unlink()
        if not runs.difference.max_absolute <= TOLERANCE:  # NaN is no agreement either
            runs.failure = f"wrong output, off by {runs.difference.max_absolute:.1e}"
