#!/usr/bin/env python3
"""torch's DataLoader: worker processes read batches ahead, the main process runs the model and writes.

    python dataloader.py data.h5 model.pt out.h5 --batch 64

The Dataset gives whole batches (batch_size=None), for a read per row would cost more than the model.
"""

import argparse

import h5py
import torch
from torch.utils.data import DataLoader, Dataset


class Batches(Dataset):
    """Item i is batch i of the file, which each worker opens for itself."""

    def __init__(self, path: str, batch: int) -> None:
        self.path, self.batch = path, batch
        self.file: h5py.File | None = None
        with h5py.File(path, "r") as file:
            self.rows = len(file["x"])

    def __len__(self) -> int:
        return -(-self.rows // self.batch)

    def __getitem__(self, index: int) -> torch.Tensor:
        if self.file is None:
            self.file = h5py.File(self.path, "r")
        return torch.from_numpy(self.file["x"][index * self.batch : (index + 1) * self.batch])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "model", "output"):
        parser.add_argument(name)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    model = torch.jit.load(args.model).eval()
    dataset = Batches(args.data, args.batch)
    loader = DataLoader(dataset, batch_size=None, num_workers=args.workers)

    start = 0
    with h5py.File(args.output, "w") as file, torch.inference_mode():
        for batch in loader:
            result = model(batch).numpy()
            if start == 0:
                output = file.create_dataset("y", (dataset.rows, *result.shape[1:]), result.dtype)
            output[start : start + len(result)] = result
            start += len(result)


if __name__ == "__main__":
    main()
