#!/usr/bin/env python3
"""The floor of a work: the model alone, on batches in memory.

Two processes of one thread each load the model and half of the batches, warm up, wait for each other, and run their
half. The time is from that moment to the end of the slower one. Nothing is read, sent, kept or written in it, and the
memory of a batch is used again for the next one, instead of new pages each time: so a program that runs this file with
this LibTorch on two cores can hardly be faster.

    floor.py data.h5 model.pt --batch 64
"""

import argparse
import ctypes
import json
import multiprocessing
import time
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

import h5py
import torch

Span = tuple[float, float]  # when a process began and ended

# Options of mallopt(3), under which malloc never gives memory back to the system.
KEEP_MEMORY = {"M_TRIM_THRESHOLD": (-1, 2**31 - 1), "M_TOP_PAD": (-2, 64 << 20), "M_MMAP_MAX": (-4, 0)}

WARM_UP_CALLS = 5  # the first calls of a TorchScript model are slow and uneven


def keep_memory() -> None:
    """Makes malloc keep what is freed: new pages cost up to twice as much as a convolution that fills them."""
    libc = ctypes.CDLL(None)
    for name, (option, value) in KEEP_MEMORY.items():
        if not libc.mallopt(option, value):
            raise SystemExit(f"floor: malloc refused {name}")


def load_batches(path: str, batch: int, part: int, parts: int) -> list[torch.Tensor]:
    """The batches of one process: a block of the batches of the whole dataset."""
    with h5py.File(path, "r") as file:
        rows = file["x"]
        starts = range(0, len(rows), batch)
        first, last = (len(starts) * edge // parts for edge in (part, part + 1))
        block = torch.from_numpy(rows[first * batch : last * batch])
    return list(block.split(batch))


def run_part(arguments: argparse.Namespace, part: int, barrier: Barrier, times: "SimpleQueue[Span]") -> None:
    """One process: reports when it began and when it ended, on the clock that all processes share."""
    torch.set_num_threads(1)
    if not arguments.default_malloc:
        keep_memory()
    model = torch.jit.load(arguments.model).eval()
    batches = load_batches(arguments.data, arguments.batch, part, arguments.processes)
    with torch.inference_mode():
        for _ in range(WARM_UP_CALLS):
            model(batches[0])
        barrier.wait()
        start = time.monotonic()
        for batch in batches:
            model(batch)
        end = time.monotonic()
    times.put((start, end))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("model")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--default-malloc", action="store_true", help="leave malloc as Python programs have it")
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(arguments.processes)
    times = context.SimpleQueue()
    processes = [
        context.Process(target=run_part, args=(arguments, part, barrier, times)) for part in range(arguments.processes)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            raise SystemExit(f"floor: a process ended with {process.exitcode}")
    spans = [times.get() for _ in processes]
    print(json.dumps({"wall_s": max(end for _, end in spans) - min(start for start, _ in spans)}))


if __name__ == "__main__":
    main()
