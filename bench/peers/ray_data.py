#!/usr/bin/env python3
"""Ray Data: two actors read and run batches, order is kept, the driver writes.

    python ray_data.py data.h5 model.pt out.h5 --batch 64

Ray Data has no reader for HDF5. Its users make a dataset of batch numbers and read in the actor, which also keeps rows
out of the object store; results come back through it.
"""

import argparse
import os

import h5py
import numpy as np
import ray
import torch


class Predictor:
    """An actor: holds the model and the open file."""

    def __init__(self, data: str, model: str, batch: int) -> None:
        torch.set_num_threads(1)
        self.model = torch.jit.load(model).eval()
        self.rows = h5py.File(data, "r")["x"]
        self.batch = batch

    def __call__(self, numbers: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        start = int(numbers["item"][0]) * self.batch
        with torch.inference_mode():
            return {"y": self.model(torch.from_numpy(self.rows[start : start + self.batch])).numpy()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "model", "output"):
        parser.add_argument(name)
    parser.add_argument("--batch", type=int, required=True)
    args = parser.parse_args()

    ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR")
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False

    with h5py.File(args.data, "r") as file:
        total = len(file["x"])
    files = [os.path.abspath(path) for path in (args.data, args.model)]  # actors run in a folder of their own
    # Not ray.data.range: its read tasks would wait for a processor for ever, since the actors have both.
    batches = ray.data.from_items(list(range(-(-total // args.batch)))).map_batches(
        Predictor,
        fn_constructor_args=(*files, args.batch),
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=2),
    )

    start = 0
    with h5py.File(args.output, "w") as file:
        for block in batches.iter_batches(batch_size=None, batch_format="numpy"):
            result = block["y"]
            if start == 0:
                output = file.create_dataset("y", (total, *result.shape[1:]), result.dtype)
            output[start : start + len(result)] = result
            start += len(result)


if __name__ == "__main__":
    main()
