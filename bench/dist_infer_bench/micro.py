"""Runs the micro-benchmarks, and puts each stage beside its floor: the table of single stages."""

import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
from collections.abc import Iterator
from typing import Any

from .contenders import ENVIRONMENT, MPIRUN

OURS = "dist-infer"
CPU_TIME = "CPU time"  # a stage with these words is told in seconds of it
SMALL = ("--window-kib=1024", "--benchmark_min_time=0.01")

Stages = dict[str, dict[str, dict[str, float]]]  # of a stage: dist-infer, and its floors by their names


@dataclasses.dataclass(frozen=True)
class Micro:
    """How micro_bench is run."""

    program: pathlib.Path
    folder: pathlib.Path  # where it makes its files
    counts: pathlib.Path  # the data of the work cnn
    repeats: int
    small: bool = False

    def measure(self) -> Stages:
        """Runs fetch, decode and store, then send, which needs two ranks."""
        self.folder.mkdir(parents=True, exist_ok=True)
        local = self.run("local", ())
        return {**local, **self.run("send", MPIRUN, f"--counts={self.counts}")}

    def run(self, name: str, launcher: tuple[str, ...], *options: str) -> Stages:
        """One run of the program: repetitions of all its benchmarks, in an order that chance draws."""
        out = self.folder / f"{name}.json"
        words = [*launcher, str(self.program), f"--folder={self.folder}", *options, *(SMALL if self.small else ()),
                 f"--benchmark_out={out}", "--benchmark_out_format=json", f"--benchmark_repetitions={self.repeats}",
                 "--benchmark_enable_random_interleaving=true"]  # fmt: skip
        subprocess.run(words, check=True, env={**os.environ, **ENVIRONMENT}, stdout=subprocess.DEVNULL)
        return medians(json.loads(out.read_text())["benchmarks"])


def medians(runs: list[dict[str, Any]]) -> Stages:
    """Bytes a second and CPU seconds of each benchmark, whose name is STAGE/WHAT: the medians of its repetitions."""
    stages: Stages = {}
    of_one: dict[str, list[dict[str, Any]]] = {}
    for run in sorted(runs, key=lambda run: run["family_index"]):  # as they are registered
        if run["run_type"] == "iteration":
            of_one.setdefault(run["run_name"], []).append(run)
    for name, repetitions in of_one.items():
        stage, what = name.split("/")[:2]
        stages.setdefault(stage, {})[what] = {
            "bytes_per_second": statistics.median(run["bytes_per_second"] for run in repetitions),
            "cpu_s": statistics.median(run["cpu_time"] for run in repetitions) / 1e3,
        }
    return stages


def table_rows(stages: Stages) -> Iterator[str]:
    for stage, figures in stages.items():
        ours = figures[OURS]
        for what, floor in figures.items():
            if what == OURS:
                continue
            if CPU_TIME in stage:
                share = f"1/{floor['cpu_s'] / ours['cpu_s']:.0f}"
                cells = [stage, f"{ours['cpu_s']:.3f} s", what, f"{floor['cpu_s']:.3f} s", share]
            else:
                speeds = [figure["bytes_per_second"] / 1e9 for figure in (ours, floor)]
                cells = [stage, f"{speeds[0]:.2f}", what, f"{speeds[1]:.2f}", f"{speeds[0] / speeds[1]:.0%}"]
            yield "| " + " | ".join(cells) + " |"


def markdown(entry: dict[str, Any]) -> str:
    """The table, with a sentence about its making."""
    head = (f"Medians of {entry['repeats']}; {entry['date']}, commit {entry['commit']}, {entry['machine']['processor']}, "
            f"{entry['machine']['cores']} cores.")  # fmt: skip
    lines = [head, "", "| stage | GB/s | floor | GB/s | ratio |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*lines, *table_rows(entry["stages"])])
