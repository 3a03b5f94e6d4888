"""Holds one output against another."""

import dataclasses
import pathlib

import h5py
import numpy as np

from .works import OUTPUT

BLOCK_BYTES = 64 << 20


@dataclasses.dataclass(frozen=True)
class Difference:
    """How far two outputs are apart."""

    same_shape: bool
    bit_equal: bool
    max_absolute: float

    def worse(self, other: "Difference | None") -> "Difference":
        """The worse of two, as that of several runs."""
        if other is None:
            return self
        return Difference(self.same_shape and other.same_shape, self.bit_equal and other.bit_equal,
                          float(np.maximum(self.max_absolute, other.max_absolute)))  # fmt: skip


def compare(path: pathlib.Path, reference: pathlib.Path) -> Difference:
    """Compares the output datasets of two files, block by block. NaN where one has a NaN that the other has not."""
    with h5py.File(path, "r") as file, h5py.File(reference, "r") as reference_file:
        ours, theirs = file[OUTPUT], reference_file[OUTPUT]
        if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
            return Difference(False, False, float("nan"))
        bit_equal, most = True, 0.0
        step = max(1, BLOCK_BYTES // max(1, ours.nbytes // len(ours)))
        for start in range(0, len(ours), step):
            a, b = ours[start : start + step], theirs[start : start + step]
            if a.tobytes() != b.tobytes():
                bit_equal = False
                most = float(np.maximum(most, np.abs(a.astype("f8") - b.astype("f8")).max()))
    return Difference(True, bit_equal, most)
