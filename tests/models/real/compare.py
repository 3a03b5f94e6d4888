"""How far results are from each other."""

import dataclasses

import numpy as np

FLOAT32_BOUND = 1e-6  # relative; what float32 may be off by without anything being wrong


@dataclasses.dataclass(frozen=True)
class Difference:
    absolute: float
    relative: float  # of the largest number there

    def __str__(self) -> str:
        return "0" if self.absolute == 0 else f"{self.absolute:.1e} ({self.relative:.1e})"


def difference(results: np.ndarray, reference: np.ndarray) -> Difference:
    """The largest difference of two arrays of floats. @raises AssertionError where they are not alike in kind"""
    kinds = [(array.dtype, array.shape) for array in (results, reference)]
    if kinds[0] != kinds[1]:
        raise AssertionError(f"results are {kinds[0]}, expected were {kinds[1]}")
    for what, array in (("results", results), ("expected numbers", reference)):
        if not np.isfinite(array).all():
            raise AssertionError(f"{np.count_nonzero(~np.isfinite(array))} {what} are not finite")
    absolute = float(np.abs(results.astype(np.float64) - reference.astype(np.float64)).max())
    return Difference(absolute, absolute / float(np.abs(reference).max()))


def bound_of(rerun: Difference, dtype: np.dtype) -> float:
    """The relative difference that is allowed, where PyTorch's own rerun shows one of `rerun`."""
    return max(rerun.relative, FLOAT32_BOUND) if dtype == np.float32 else rerun.relative
