"""Who runs a work, and how each is started: dist-infer, the peers, and the floor."""

import argparse
import dataclasses
import pathlib
import shlex

from .works import Files, Work

BENCH = pathlib.Path(__file__).resolve().parent.parent
MPIRUN = ("mpirun", "-np", "2", "--bind-to", "none")

# mpirun refuses root and more ranks than cores; Ray would tell its makers how it is used.
ENVIRONMENT = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
}

# Each peer: what it is, in the table's words. Those of MPI are started by mpirun.
PEERS = {
    "mpi4py_slabs": "mpi4py + h5py, a slab for each rank",
    "mpi4py_scatterv": "mpi4py + h5py, Scatterv from rank 0",
    "dataloader": "torch DataLoader",
    "ray_data": "Ray Data, two actors",
    "lightning_predict": "Lightning predict, two processes",
}
DIST_INFER = "dist-infer"
FLOOR = "floor"


@dataclasses.dataclass(frozen=True)
class Contender:
    """One row of the table."""

    name: str
    title: str
    options: tuple[str, ...] = ()  # of dist-infer, besides the config

    @property
    def is_floor(self) -> bool:
        return self.name == FLOOR

    @property
    def is_dist_infer(self) -> bool:
        return self.name not in PEERS and not self.is_floor


def variant(text: str) -> Contender:
    """Of NAME='OPTIONS', a further way to run dist-infer."""
    name, separator, options = text.partition("=")
    if not separator or not name:
        raise argparse.ArgumentTypeError(f"'{text}' is no variant; write it as direct='--set input.read=direct'")
    return Contender(f"{DIST_INFER}-{name}", f"dist-infer, {name}", tuple(shlex.split(options)))


def all_contenders(variants: list[Contender]) -> list[Contender]:
    """In the order in which they take turns: the first is the one that outputs are held against."""
    peers = [Contender(name, title) for name, title in PEERS.items()]
    return [Contender(DIST_INFER, "**dist-infer**"), *variants, *peers, Contender(FLOOR, "floor: the model alone")]


@dataclasses.dataclass(frozen=True)
class Places:
    """The programs that contenders are started with."""

    python: str
    dist_infer: str


def command(contender: Contender, work: Work, files: Files, output: pathlib.Path, places: Places) -> list[str]:
    """The command line of a contender."""
    if contender.is_dist_infer:
        return [*MPIRUN, places.dist_infer, str(files.config), "--output", str(output), *contender.options]
    batch = ["--batch", str(work.batch)]
    inputs = [str(files.data), str(files.model)]
    if contender.is_floor:
        return [places.python, str(BENCH / "floor.py"), *inputs, *batch]
    launcher = MPIRUN if contender.name.startswith("mpi4py") else ()
    script = str(BENCH / "peers" / f"{contender.name}.py")
    return [*launcher, places.python, script, *inputs, str(output), *batch]
