#!/usr/bin/env python3
"""mpi4py + h5py + torch: every rank reads its slab of rows, runs it in batches, and rank 0 gathers and writes.

    mpirun -np 2 python mpi4py_slabs.py data.h5 model.pt out.h5 --batch 64
"""

import argparse

import h5py
import numpy as np
import torch
from mpi4py import MPI


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "model", "output"):
        parser.add_argument(name)
    parser.add_argument("--batch", type=int, required=True)
    args = parser.parse_args()

    comm = MPI.COMM_WORLD
    torch.set_num_threads(1)
    model = torch.jit.load(args.model).eval()

    results = []
    with h5py.File(args.data, "r") as file, torch.inference_mode():
        rows = file["x"]
        total = len(rows)
        slabs = [total * rank // comm.size for rank in range(comm.size + 1)]
        start, stop = slabs[comm.rank], slabs[comm.rank + 1]
        for begin in range(start, stop, args.batch):
            batch = torch.from_numpy(rows[begin : min(begin + args.batch, stop)])
            results.append(model(batch).numpy())
    mine = np.concatenate(results)

    row_shape = mine.shape[1:]
    counts = np.diff(slabs) * int(np.prod(row_shape))
    gathered = np.empty((total, *row_shape), mine.dtype) if comm.rank == 0 else None
    comm.Gatherv(mine, None if gathered is None else [gathered, counts], root=0)
    if gathered is not None:
        with h5py.File(args.output, "w") as file:
            file["y"] = gathered


if __name__ == "__main__":
    main()
