"""The four works: what their rows look like, and their files, made once from a fixed seed."""

import dataclasses
import functools
import os
import pathlib
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import h5py
import numpy as np

from . import networks

INPUT = "/x"
OUTPUT = "/y"

SEED = 20_240_613
RECIPE = 1  # goes up when rows or networks change, so that files made before are not taken for these
BLOCK_BYTES = 64 << 20

Rows = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]


def normal(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers float32 around 0."""
    return random.standard_normal(shape, dtype=np.float32)


def counts(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Sparse counts, as a detector gives them; gzip makes a quarter of them."""
    return random.poisson(0.5, shape).astype(np.uint8)


def pixels(random: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Bytes of every value."""
    return random.integers(0, 256, shape, dtype=np.uint8)


@dataclasses.dataclass(frozen=True)
class Work:
    """One dataset and one network, named alike."""

    name: str
    rows: int
    shape: tuple[int, ...]
    dtype: str
    batch: int
    make_rows: Rows
    stresses: str
    storage: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def row_bytes(self) -> int:
        return int(np.prod(self.shape)) * np.dtype(self.dtype).itemsize

    def scaled(self, scale: float) -> "Work":
        """The same work with fewer rows: two batches at least, and none cut short unless the whole work has one."""
        if scale == 1:
            return self
        batches = max(2, round(self.rows * scale / self.batch))
        return dataclasses.replace(self, rows=min(self.rows, batches * self.batch))


WORKS = {
    work.name: work
    for work in (
        Work("mlp", 2_400_000, (256,), "float32", 1000, normal, "many small rows"),
        Work("cnn", 40_000, (3, 64, 64), "uint8", 64, counts, "decompression",
             {"chunks": (64, 3, 64, 64), "compression": "gzip", "compression_opts": 4}),
        Work("resnet", 640, (3, 224, 224), "uint8", 32, pixels, "compute"),
        Work("wide", 60_000, (1, 64, 64), "float32", 50, normal, "output"),
    )
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Files:
    """The files of a work."""

    folder: pathlib.Path

    @property
    def data(self) -> pathlib.Path:
        return self.folder / "data.h5"

    @property
    def model(self) -> pathlib.Path:
        return self.folder / "model.pt"

    @property
    def config(self) -> pathlib.Path:
        return self.folder / "config.yaml"


def blocks(work: Work) -> Iterator[tuple[int, int]]:
    """First and last row, exclusive, of the blocks in which a work is made; each has a seed of its own."""
    step = max(work.batch, BLOCK_BYTES // work.row_bytes // work.batch * work.batch)
    for start in range(0, work.rows, step):
        yield start, min(start + step, work.rows)


def write_data(work: Work, path: pathlib.Path) -> None:
    with h5py.File(path, "w") as file:
        dataset = file.create_dataset(INPUT, (work.rows, *work.shape), work.dtype, **work.storage)
        for number, (start, stop) in enumerate(blocks(work)):
            random = np.random.default_rng([SEED, RECIPE, number])
            dataset[start:stop] = work.make_rows(random, (stop - start, *work.shape))


CONFIG = """\
# The work '{name}': {stresses}. {rows} rows {dtype}{shape}.
version: 1

input:
  files: data.h5

model:
  path: model.pt
  inputs:
    - dataset: {input}
  outputs:
    - dataset: {output}

output:
  file: out.h5
  if_exists: overwrite

run:
  batch: {batch}
  threads: 1                      # each of the two ranks has one core

report:
  progress: off
"""


def config_text(work: Work) -> str:
    """What a user of dist-infer would write for the work."""
    shape = str(list(work.shape)).replace(" ", "")
    return CONFIG.format(name=work.name, stresses=work.stresses, rows=work.rows, dtype=work.dtype, shape=shape,
                         input=INPUT, output=OUTPUT, batch=work.batch)  # fmt: skip


def make(work: Work, root: pathlib.Path, say: Callable[[str], None]) -> Files:
    """Makes the files of a work below `root`, unless they are there.

    A folder under its own name is complete: it is made under another and renamed.
    """
    files = Files(root / f"{work.name}-{work.rows}-r{RECIPE}")
    if not files.folder.exists():
        size = work.rows * work.row_bytes / 1e6
        say(f"making {work.name}: {work.rows} rows, {size:.0f} MB")
        partial = Files(files.folder.with_name(f".{files.folder.name}.{os.getpid()}"))
        partial.folder.mkdir(parents=True)
        try:
            write_data(work, partial.data)
            networks.save(work.name, SEED, partial.model)
            partial.folder.rename(files.folder)
        finally:
            shutil.rmtree(partial.folder, ignore_errors=True)
    files.config.write_text(config_text(work))
    return files


def warm(files: Files) -> None:
    """Reads the files once, so that every contender finds them in the page cache."""
    for path in (files.data, files.model):
        with path.open("rb") as file:
            for _ in iter(functools.partial(file.read, 16 << 20), b""):
                pass
