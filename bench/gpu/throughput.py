"""Runs of dist-infer over the photographs, and the table."""

import dataclasses
import json
import os
import pathlib
from typing import Any

import work
from steps import Steps

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Run:
    form: work.Form
    ranks: int

    @property
    def name(self) -> str:
        return f"{self.form.name}-np{self.ranks}"


def runs(of: work.Size) -> list[Run]:
    """One rank for every form, and two that share the GPU for the two that say the most."""
    one = [Run(form, 1) for form in of.forms]
    two = [Run(form, 2) for form in of.forms if form.precision == of.forms[0].precision and form.kind in ("pt", "pt2")]
    return one[:3] + two + one[3:]


def config(folder: pathlib.Path, run: Run, of: work.Size, parts: int) -> pathlib.Path:
    files = ", ".join(str(path) for path in work.data_files(folder, of)[:parts])
    text = f"""input: {{files: [{files}]}}
model:
  path: {folder / run.form.file}
  precision: {run.form.asked}
  inputs: [{{dataset: /photographs, dtype: {run.form.normalised_in}, scale: {work.SCALE!r},
            mean: {list(work.MEAN)}, std: {list(work.STD)}}}]
  outputs: [{{dataset: /scores}}]
output: {{file: {folder / "out.h5"}, if_exists: overwrite}}
run: {{batch: {of.batch}, device: {of.device}, share_device: {str(run.ranks > 1).lower()}}}
report: {{progress: "off"}}
"""
    path = folder / f"{run.name}.yaml"
    path.write_text(text)
    return path


def parts_for(form: work.Form, rate: float | None, of: work.Size) -> int:
    """As many files as keep the GPU busy for the time of a run; all of them where the rate is not known."""
    return of.parts if rate is None else min(of.parts, max(1, round(rate * form.seconds(of) / of.part_rows)))


def agreement(folder: pathlib.Path, run: Run) -> float | None:
    """The largest difference to what Python makes of the first rows, as a share of the largest number."""
    import h5py
    import numpy as np

    path = folder / f"{run.form.name}.scores.npy"
    if not path.exists():
        return None
    wanted = np.load(path)
    with h5py.File(folder / "out.h5") as file:
        scores = file["scores"]
        if scores.dtype.kind == "V" or scores.dtype.itemsize == 2:  # bfloat16: the upper half of a float32
            found = (scores[: len(wanted)].view(np.uint16).astype(np.uint32) << 16).view(np.float32)
        else:
            found = scores[: len(wanted)]
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def figures(report: dict[str, Any]) -> dict[str, Any]:
    """What a report says of speed. A stage's rate counts the time that it was busy; ranks' rates add up."""
    result = report["result"]
    infer = [rank["stages"]["infer"] for rank in report["ranks"]]
    rows = result["rows_stored"] * 1.0
    windows = sum(stage["windows"] for stage in infer)
    return {
        "rows": result["rows_stored"],
        "setup_seconds": result["setup_seconds"],
        "run_seconds": result["run_seconds"],
        "run_rows_per_second": rows / result["run_seconds"],
        "infer_rows_per_second": sum(rows * stage["windows"] / windows / stage["busy_seconds"] for stage in infer),
        "infer_starved_seconds": [stage["starved_seconds"] for stage in infer],
        "infer_blocked_seconds": [stage["blocked_seconds"] for stage in infer],
        "devices": [rank["device"] for rank in report["ranks"]],
        "result": result,
        "by_rank": report["ranks"],
    }


def measure(steps: Steps, folder: pathlib.Path, run: Run, of: work.Size, rate: float | None) -> dict[str, Any]:
    """One run; its figures, or why there are none."""
    found: dict[str, Any] = {"form": run.form.name, "ranks": run.ranks}
    for name in ("out.h5", "out.h5.part", "out.h5.ledger", "report.json"):
        (folder / name).unlink(missing_ok=True)
    command = [os.environ["DIST_INFER_TEST_MPIEXEC"], "--oversubscribe", "--bind-to", "none", "-np", str(run.ranks),
               os.environ["DIST_INFER_TEST_PROGRAM"], str(config(folder, run, of, parts_for(run.form, rate, of)))]  # fmt: skip
    ended = steps.run(run.name, command, 90, {"LD_LIBRARY_PATH": os.environ["DIST_INFER_TEST_LIBRARIES"]})
    if ended.code != 0:
        errors = [line for line in ended.text.splitlines() if "error: " in line]
        return {**found, "failed": errors[0] if errors else f"exit code {ended.code}"}
    try:
        return {**found, "seconds": ended.seconds, "difference": agreement(folder, run),
                **figures(json.loads((folder / "report.json").read_text()))}  # fmt: skip
    except Exception as error:  # a figure that is missing is no reason to lose the others
        return {**found, "failed": f"{type(error).__name__}: {error}"}


def markdown(alone: dict[str, dict[str, Any]], measured: list[dict[str, Any]]) -> str:
    lines = [
        "| form | ranks | rows | network alone | with input normalised | infer stage | whole run | share | set-up | difference to Python |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for run in measured:
        base = alone.get(run["form"], {})
        rate = base.get("rows_per_second")
        cells = [run["form"], str(run["ranks"])]
        alone_cells = [f"{base[key]:.0f}" if key in base else "" for key in ("network_rows_per_second", "rows_per_second")]
        if "failed" in run:
            lines.append("| " + " | ".join([*cells, "", *alone_cells, run["failed"].replace("|", "/"), "", "", "", ""]) + " |")
            continue
        share = f"{100 * run['run_rows_per_second'] / rate:.1f} %" if rate else ""
        difference = "" if run["difference"] is None else f"{run['difference']:.1e}"
        lines.append("| " + " | ".join([*cells, str(run["rows"]), *alone_cells, f"{run['infer_rows_per_second']:.0f}",
                     f"{run['run_rows_per_second']:.0f}", share, f"{run['setup_seconds']:.1f} s", difference]) + " |")  # fmt: skip
    lines += ["", "Rows in a second; the share is of the network with its input normalised, on bytes that lie on the GPU.", ""]
    names = {"in_ms": "copy in", "in_pageable_ms": "copy in, not pinned", "work_ms": "work", "out_ms": "copy out",
             "in_turn_ms": "in turn", "overlapped_ms": "overlapped"}  # fmt: skip
    lines += ["| ms for a batch | " + " | ".join(names.values()) + " | dist-infer |", "| --- " * (len(names) + 2) + "|"]
    for form, base in alone.items():
        if "in_ms" not in base:
            continue
        run = next((run for run in measured if run["form"] == form and run["ranks"] == 1 and "failed" not in run), None)
        own = "" if run is None else f"{1000 * work.size().batch / run['run_rows_per_second']:.2f}"
        lines.append(f"| {form} | " + " | ".join(f"{base[key]:.2f}" for key in names) + f" | {own} |")
    return "\n".join(lines) + "\n"
