#!/usr/bin/env python3
"""Measures dist-infer, what its users would pick instead, and the floor, on four works, and prints tables.

Contenders take turns; a figure is that of the whole command, from start to end, with its data in the page cache. The
floor is the model alone on batches in memory. Figures are kept in build/bench/results.json, those of a work until it is
measured again. docs/performance.md says more.
"""

import argparse
import datetime
import pathlib
import shlex
import sys
from typing import Any

sys.dont_write_bytecode = True

from dist_infer_bench import contenders, docs, machine, measure, micro, results, works  # noqa: E402
from dist_infer_bench.rounds import Rounds, say  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "performance.md"


def names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    add = parser.add_argument
    add("--works", type=names, default=list(works.WORKS), help=f"default: {','.join(works.WORKS)}")
    add("--peers", type=names, default=list(contenders.PEERS), help=f"default: {','.join(contenders.PEERS)}")
    add("--only", type=names, default=[], metavar="NAMES", help="of all, only these and the variants: dist-infer,floor")
    add("--variant", type=contenders.variant, action="append", default=[], metavar="NAME='OPTIONS'",
        help="also dist-infer with further options, as direct='--set input.read=direct'")  # fmt: skip
    add("--repeats", type=int, default=5, help="rounds; default: %(default)s")
    add("--scale", type=float, default=1.0, help="share of the rows, to try things out; default: %(default)s")
    add("--timeout", type=float, default=600.0, metavar="SECONDS", help="of one run; default: %(default)s")
    add("--program", default=str(ROOT / "build/release/dist-infer"), help="dist-infer; else it is built first")
    add("--folder", type=pathlib.Path, default=ROOT / "build/bench", help="of works, runs and results")
    add("--prime", action=argparse.BooleanOptionalAction, default=True,
        help="run each once on two batches before the first round")  # fmt: skip
    add("--micro", action="store_true", help="instead measure each stage beside its floor, with bench/micro")
    add("--show", action="store_true", help="measure nothing; print the tables of what was measured")
    add("--write-docs", action="store_true", help="also put the tables into docs/performance.md")
    arguments = parser.parse_args()
    check(parser, arguments)
    return arguments


def check(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Ends with a message where arguments make no sense."""
    everyone = [contender.name for contender in contenders.all_contenders(arguments.variant)]
    for what, given, known in (
        ("work", arguments.works, list(works.WORKS)),
        ("peer", arguments.peers, list(contenders.PEERS)),
        ("contender", arguments.only, everyone),
    ):
        for name in set(given) - set(known):
            parser.error(f"'{name}' is no {what} (there are {', '.join(known)})")
    if arguments.write_docs and arguments.scale != 1:
        parser.error("--write-docs needs figures of whole works; leave --scale out")


def chosen(arguments: argparse.Namespace) -> list[contenders.Contender]:
    """The contenders that take turns."""
    left_out = set(contenders.PEERS) - set(arguments.peers)
    if arguments.only:
        wanted = {*arguments.only, *(contender.name for contender in arguments.variant)}
        left_out |= {contender.name for contender in contenders.all_contenders(arguments.variant)} - wanted
    return [contender for contender in contenders.all_contenders(arguments.variant) if contender.name not in left_out]


def about(arguments: argparse.Namespace) -> dict[str, Any]:
    """When, how and on what a work is measured."""
    return {
        "date": datetime.date.today().isoformat(),
        "commit": machine.commit(),
        "command": shlex.join(["tools/bench", *sys.argv[1:]]),
        "repeats": arguments.repeats,
        "machine": machine.describe(),
        "versions": machine.versions(),
    }


def measure_works(arguments: argparse.Namespace, path: pathlib.Path) -> bool:
    """Measures, and notes each work when it is done. Says whether all contenders came through."""
    measure.adopt_orphans()
    places = contenders.Places(sys.executable, arguments.program)
    rounds = Rounds(arguments.folder, places, arguments.repeats, arguments.timeout)
    competitors = chosen(arguments)
    if arguments.prime:
        rounds.prime(works.WORKS[arguments.works[0]], competitors)
    all_came_through = True
    for name in arguments.works:
        work = works.WORKS[name].scaled(arguments.scale)
        runs = rounds.measure_work(work, competitors)
        all_came_through &= not any(run.failure for run in runs)
        results.save(path, {**results.load(path), name: results.work_entry(work, runs, about(arguments))})
    say(f"figures are in {path}")
    return all_came_through


def main_micro(arguments: argparse.Namespace) -> int:
    """Measures single stages."""
    path = arguments.folder / "micro.json"
    if not arguments.show:
        files = works.make(works.WORKS["cnn"].scaled(arguments.scale), arguments.folder / "works", say)
        works.warm(files)
        program = ROOT / "build/release/micro_bench"
        runs = micro.Micro(program, arguments.folder / "micro", files.data, arguments.repeats, arguments.scale != 1)
        results.save(path, {**about(arguments), "stages": runs.measure()})
    table = micro.markdown(results.load(path))
    print(table)
    if arguments.write_docs:
        docs.write_docs(DOCS, "stages", table)
    return 0


def main() -> int:
    arguments = parse_arguments()
    if arguments.micro:
        return main_micro(arguments)
    file = "results.json" if arguments.scale == 1 else f"results-scale-{arguments.scale:g}.json"
    path = arguments.folder / file
    ok = arguments.show or measure_works(arguments, path)
    kept = results.load(path)
    shown = {name: kept[name] for name in works.WORKS if name in kept and (arguments.show or name in arguments.works)}
    print(results.markdown(shown))
    if arguments.write_docs:
        docs.write_docs(DOCS, "table", results.markdown({name: kept[name] for name in works.WORKS if name in kept}))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
