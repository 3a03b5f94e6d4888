"""Writes what a run of a real model needs: data, model files and config."""

import pathlib
import shutil

import h5py
import numpy as np
import torch

from catalogue import HERE, config_of
from model import Model
from reference import arguments_of

EXAMPLE_ROWS = 2  # that a network is traced or exported with; no batch is like it


def write_data(path: pathlib.Path, data: dict[str, np.ndarray]) -> None:
    """One array as .npy, or datasets, those of bytes packed."""
    if path.suffix == ".npy":
        (array,) = data.values()
        np.save(path, array)
        return
    with h5py.File(path, "w") as file:
        for name, array in data.items():
            packing = {"compression": "gzip", "chunks": (1, *array.shape[1:])} if array.dtype == np.uint8 else {}
            file.create_dataset(name, data=array, **packing)


def make(model: Model, network: torch.nn.Module, folder: pathlib.Path, rows: int) -> None:
    config = config_of(model)
    data = model.data(rows)
    write_data(folder / config["input"]["files"], data)
    shutil.copyfile(HERE / model.config, folder / "config.yaml")
    examples = arguments_of(config, data, slice(0, EXAMPLE_ROWS))
    for file in model.files:
        model.save(network, examples, folder / file)
