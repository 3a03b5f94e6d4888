#!/usr/bin/env python3
"""Puts what the tests of real models have found into the table of docs/models.md.

write_docs.py FOLDER      with a folder for each model, as build/release/tests/models
"""

import json
import pathlib
import re
import sys

sys.dont_write_bytecode = True

from catalogue import HERE, MODELS  # noqa: E402

DOCS = HERE.parents[2] / "docs/models.md"
HEAD = """| model, file | rows, batch | result | off the file in Python | off the network in Python | Python's own rerun | bound | seconds: Python, np 1, np 2 | memory of a rank |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


def lines_of(name: str, found: dict) -> list[str]:
    lines = []
    for file, of_file in found["files"].items():
        took = of_file["took"]
        seconds = ", ".join(f"{took[run]['seconds']:.1f}" for run in ("Python", "np 1", "np 2"))
        memory = f"{max(took[run]['peak_bytes'] for run in ('np 1', 'np 2')) / 2**20:.0f} MiB"
        for i, (dataset, result) in enumerate(of_file["results"].items()):
            first = [f"{name} {pathlib.Path(file).suffix}", f"{found['rows']}, {found['batch']}"] if i == 0 else ["", ""]
            last = [seconds, memory] if i == 0 else ["", ""]
            cells = [*first, f"`{dataset}`", *(result[key] for key in ("file", "eager", "rerun", "bound")), *last]
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def main(folder: pathlib.Path) -> None:
    lines = [line for name in MODELS for line in lines_of(name, json.loads((folder / name / "found.json").read_text()))]
    table = "\n".join([HEAD, *lines, ""])
    between = re.compile("(<!-- measured begin -->\n).*?(<!-- measured end -->)", re.DOTALL)
    document, replaced = between.subn(lambda found: found[1] + table + found[2], DOCS.read_text())
    if not replaced:
        raise SystemExit(f"{DOCS} has no place for the table")
    DOCS.write_text(document)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
