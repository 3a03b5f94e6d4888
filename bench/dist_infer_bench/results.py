"""Figures of several runs, kept as JSON, and the tables that are made of them."""

import dataclasses
import json
import pathlib
import statistics
from typing import Any

from .compare import Difference
from .contenders import FLOOR, Contender
from .measure import Measured
from .works import Work


@dataclasses.dataclass
class Runs:
    """All runs of one contender on one work."""

    contender: Contender
    measured: list[Measured] = dataclasses.field(default_factory=list)
    difference: Difference | None = None
    failure: str = ""

    def summary(self) -> dict[str, Any]:
        """As it is kept: each figure of each run, and what is told of them."""
        found: dict[str, Any] = {"title": self.contender.title, "options": list(self.contender.options)}
        if self.failure:
            found["failure"] = self.failure
        if self.measured:
            found["runs"] = [dataclasses.asdict(run) for run in self.measured]
            for name in ("wall_s", "cpu_s", "peak_rss", "peak_anonymous"):
                found[name] = spread([getattr(run, name) for run in self.measured])
        if self.difference:
            found["difference"] = dataclasses.asdict(self.difference)
        return found


def spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def work_entry(work: Work, runs: list[Runs], about: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a work: `about` says when, how and on what it was measured."""
    return {
        **about,
        "stresses": work.stresses,
        "rows": work.rows,
        "row": f"{work.dtype}{list(work.shape)}".replace(" ", ""),
        "batch": work.batch,
        "contenders": {run.contender.name: run.summary() for run in runs},
    }


def load(path: pathlib.Path) -> dict[str, Any]:
    """The works that were measured so far, by name."""
    return json.loads(path.read_text()) if path.exists() else {}


def save(path: pathlib.Path, works: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_text(json.dumps(works, indent=1) + "\n")
    partial.replace(path)


def seconds(figures: dict[str, float]) -> str:
    return f"{figures['median']:.2f} ({figures['min']:.2f} to {figures['max']:.2f})"


def output_words(contender: dict[str, Any]) -> str:
    """How the output compares, in a word or two."""
    difference = contender.get("difference")
    if difference is None:
        return ""
    if difference["bit_equal"]:
        return "same bits"
    return f"within {difference['max_absolute']:.0e}" if difference["same_shape"] else "another shape"


def table_row(name: str, contender: dict[str, Any], floor: float | None) -> str:
    if "failure" in contender or "wall_s" not in contender:
        return f"| {contender['title']} | {contender.get('failure', 'not run')} | | | | | |"
    wall = contender["wall_s"]
    cells = [contender["title"], seconds(wall), f"{wall['median'] / floor:.2f}" if floor else ""]
    if name == FLOOR:
        cells += ["", "", "", ""]
    else:
        memory = [f"{contender[name]['median'] / 1e6:,.0f}" for name in ("peak_rss", "peak_anonymous")]
        cells += [f"{contender['cpu_s']['median']:.1f}", *memory, output_words(contender)]
    return "| " + " | ".join(cells) + " |"


def work_table(name: str, entry: dict[str, Any]) -> str:
    """A work as a heading, a sentence and a table."""
    contenders = entry["contenders"]
    floor = contenders.get(FLOOR, {}).get("wall_s", {}).get("median")
    lines = [
        f"### {name}: {entry['stresses']}",
        "",
        f"{entry['rows']:,} rows {entry['row']}, batches of {entry['batch']}; rounds: {entry['repeats']}; "
        f"{entry['date']}, commit {entry['commit']}.",
        "",
        "| | wall time, s: median (min to max) | × floor | CPU time, s | peak memory, MB | private, MB | output |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join(lines + [table_row(key, contender, floor) for key, contender in contenders.items()])


def machine_words(entry: dict[str, Any]) -> str:
    """The machine and the versions, in a sentence."""
    machine, versions = entry["machine"], entry["versions"]
    kind = "virtual machine" if machine["virtual"] else "machine"
    libraries = ", ".join(f"{name} {versions[name]}" for name in ("torch", "h5py", "mpi4py", "ray", "lightning"))
    return (f"A {kind} with {machine['cores']} cores ({machine['processor']}) and "
            f"{machine['memory_bytes'] / 2**30:.0f} GiB of memory; {machine['system']}; {versions['mpirun']}; "
            f"Python {versions['python']} with {libraries}.")  # fmt: skip


def markdown(works: dict[str, Any]) -> str:
    """All works: each machine sentence once, above the tables that it holds for."""
    parts: list[str] = []
    for name, entry in works.items():
        words = machine_words(entry)
        if words not in parts:
            parts.append(words)
        parts.append(work_table(name, entry))
    return "\n\n".join(parts)
