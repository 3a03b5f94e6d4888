#!/usr/bin/env python3
"""Simulates jobs of 8 to 16,384 ranks with the program's own scheduler, measures how fast root hands windows out, and
prints tables. docs/performance.md, "Many ranks", says more. Ends with 1 where a figure is not what the design promises.
"""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys
from typing import Any

sys.dont_write_bytecode = True

from dist_infer_bench import docs, machine, scaling  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

MAX_RANKS = 16_384


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/bench --scaling", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    add = parser.add_argument
    add("--program", default=str(ROOT / "build/release/scaling_bench"), help="default: %(default)s")
    add("--folder", type=pathlib.Path, default=ROOT / "build/bench", help="of scaling.json and scaling.svg")
    add("--max-ranks", type=int, default=MAX_RANKS, help="default: %(default)s; promises are held against this many")
    add("--windows", type=int, default=64, help="of each rank; default: %(default)s")
    add("--write-docs", action="store_true", help="also put tables and figure into docs/")
    arguments = parser.parse_args()
    if arguments.write_docs and arguments.max_ranks != MAX_RANKS:
        parser.error("--write-docs needs figures of all ranks; leave --max-ranks out")
    return arguments


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    words = [arguments.program, f"--max-ranks={arguments.max_ranks}", f"--windows={arguments.windows}"]
    result: dict[str, Any] = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)
    return result


def about() -> str:
    """When and on what it was measured."""
    here = machine.describe()
    return f"{here['processor']}, {here['cores']} cores; {datetime.date.today().isoformat()}, commit {machine.commit()}"


def main() -> int:
    arguments = parse_arguments()
    found = measure(arguments)
    text, figure = scaling.markdown(found, about()), scaling.figure(found["works"])
    arguments.folder.mkdir(parents=True, exist_ok=True)
    (arguments.folder / "scaling.json").write_text(json.dumps(found, indent=1) + "\n")
    (arguments.folder / "scaling.svg").write_text(figure)
    print(text)
    if arguments.write_docs:
        (DOCS / "scaling.svg").write_text(figure)
        docs.write_docs(DOCS / "performance.md", "scaling", text)
    broken = scaling.broken_promises(found) if arguments.max_ranks == MAX_RANKS else []
    for promise in broken:
        print(f"bench: {promise}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
