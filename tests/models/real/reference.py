"""Runs a real model in Python on the batches of its config."""

import pathlib
import time
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np
import torch

from catalogue import config_of
from model import Model

GRAD_MODES = {"inference": torch.inference_mode, "none": torch.no_grad, "enabled": torch.enable_grad}

# TorchScript looks at its first call and changes the model then, which can change last bits; dist-infer's first is of five.
FIRST_ROWS = 5


def read_data(folder: pathlib.Path, config: dict[str, Any]) -> dict[str, np.ndarray]:
    path = folder / config["input"]["files"]
    names = [entry["dataset"] for entry in config["model"]["inputs"] if "dataset" in entry]
    if path.suffix == ".npy":
        return {names[0]: np.load(path)}
    with h5py.File(path) as file:
        return {name: file[name][:] for name in names}


def arguments_of(config: dict[str, Any], data: dict[str, np.ndarray], rows: slice | np.ndarray) -> tuple:
    """What the config says that the model gets for those rows."""
    return tuple(
        prepared(torch.from_numpy(data[entry["dataset"]][rows]), entry) if "dataset" in entry else entry["constant"]
        for entry in config["model"]["inputs"]
    )


def prepared(batch: torch.Tensor, entry: dict[str, Any]) -> torch.Tensor:
    if "dtype" in entry:
        batch = batch.to(getattr(torch, entry["dtype"]))
    if "scale" in entry:
        batch = batch * entry["scale"]
    if "mean" in entry:
        mean, std = (torch.tensor(entry[key]).reshape(-1, 1, 1) for key in ("mean", "std"))
        batch = (batch - mean) / std
    return batch


def flat(results: Any) -> list[torch.Tensor]:
    if isinstance(results, torch.Tensor):
        return [results]
    return list(results.values() if isinstance(results, dict) else results)


def all_batches(call: Callable, config: dict[str, Any], data: dict[str, np.ndarray], fill: bool) -> list[np.ndarray]:
    """The results of all rows; where `fill` is set, the last row fills the last batch up."""
    rows = len(next(iter(data.values())))
    size = config["run"]["batch"]
    parts = []
    for begin in range(0, rows, size):
        batch = np.arange(begin, begin + size if fill else min(begin + size, rows))
        parts.append(flat(call(*arguments_of(config, data, np.minimum(batch, rows - 1)))))
    return [torch.cat(tensors)[:rows].numpy() for tensors in zip(*parts)]


def run(model: Model, network: Callable, folder: pathlib.Path, threads: int, out: pathlib.Path) -> None:
    """Stores the results in order, and how long they took. A package is a network that wants whole batches."""
    config = config_of(model)
    data = read_data(folder, config)
    is_package = not isinstance(network, torch.nn.Module)
    call = network if is_package else getattr(network, config["model"].get("method", "forward"))
    torch.set_num_threads(threads)
    with GRAD_MODES[config["model"].get("grad", "inference")]():
        if not is_package:
            call(*arguments_of(config, data, slice(0, FIRST_ROWS)))
        begin = time.monotonic()
        results = all_batches(call, config, data, fill=is_package)
    np.savez(out, *results, seconds=time.monotonic() - begin)
