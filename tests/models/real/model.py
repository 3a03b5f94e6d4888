"""What a real model has to say about itself: its rows, its network in Python, and what its results have to be like."""

import pathlib

import numpy as np
import torch


class Model:
    """One model. Its config is the YAML file named `config`: inputs, outputs and batch are read from there only."""

    config: str
    rows: int  # no multiple of the batch
    files: tuple[str, ...] = ("model.pt",)

    def data(self, rows: int) -> dict[str, np.ndarray]:
        """The datasets of the inputs, by name."""
        raise NotImplementedError

    def network(self) -> torch.nn.Module:
        """The network as Python runs it, with its weights, for evaluation."""
        raise NotImplementedError

    def save(self, network: torch.nn.Module, examples: tuple, path: pathlib.Path) -> None:
        """Writes the file that dist-infer runs."""
        if path.suffix == ".pt2":
            from export_model import export_model

            export_model(network, examples, path)
        else:
            with torch.no_grad():
                torch.jit.trace(network, examples).save(path)

    def check(self, data: dict[str, np.ndarray], results: list[np.ndarray]) -> str:
        """Holds results against what is known of the rows; says in words what held. @raises AssertionError"""
        raise NotImplementedError


def expect(holds: bool, what: str) -> None:
    """An assertion that -O leaves in."""
    if not holds:
        raise AssertionError(what)
