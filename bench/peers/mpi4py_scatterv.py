#!/usr/bin/env python3
"""mpi4py + h5py + torch: rank 0 reads all rows, Scatterv deals them out, Gatherv brings the results back to be written.

    mpirun -np 2 python mpi4py_scatterv.py data.h5 model.pt out.h5 --batch 64
"""

import argparse

import h5py
import numpy as np
import torch
from mpi4py import MPI


def scatter(comm: MPI.Comm, path: str) -> tuple[np.ndarray, np.ndarray]:
    """The rows of this rank, and how many rows each rank has."""
    rows = None
    if comm.rank == 0:
        with h5py.File(path, "r") as file:
            rows = file["x"][:]
    shape, dtype = comm.bcast(None if rows is None else (rows.shape, rows.dtype))
    per_rank = np.diff([shape[0] * rank // comm.size for rank in range(comm.size + 1)])
    mine = np.empty((per_rank[comm.rank], *shape[1:]), dtype)
    counts = per_rank * int(np.prod(shape[1:]))
    comm.Scatterv(None if rows is None else [rows, counts], mine, root=0)
    return mine, per_rank


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "model", "output"):
        parser.add_argument(name)
    parser.add_argument("--batch", type=int, required=True)
    args = parser.parse_args()

    comm = MPI.COMM_WORLD
    torch.set_num_threads(1)
    model = torch.jit.load(args.model).eval()
    rows, per_rank = scatter(comm, args.data)

    with torch.inference_mode():
        mine = np.concatenate([model(batch).numpy() for batch in torch.from_numpy(rows).split(args.batch)])

    row_shape = mine.shape[1:]
    gathered = np.empty((per_rank.sum(), *row_shape), mine.dtype) if comm.rank == 0 else None
    counts = per_rank * int(np.prod(row_shape))
    comm.Gatherv(mine, None if gathered is None else [gathered, counts], root=0)
    if gathered is not None:
        with h5py.File(args.output, "w") as file:
            file["y"] = gathered


if __name__ == "__main__":
    main()
