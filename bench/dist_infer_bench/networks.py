"""The networks of the works, with weights from a fixed seed, saved as TorchScript.

A network takes rows as they are stored, bytes included, and casts and scales them itself: so whoever runs the file does
the same arithmetic.
"""

import pathlib
import warnings

import torch
from torch import Tensor, nn


def mlp() -> nn.Module:
    """256 numbers -> 10."""
    return nn.Sequential(nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))


class Bytes(nn.Module):
    """Pixels 0..255 become float32 0..1."""

    def forward(self, pixels: Tensor) -> Tensor:
        return pixels.float() * (1.0 / 255.0)


def cnn() -> nn.Module:
    """Counts, uint8[3,64,64] -> 10."""
    return nn.Sequential(
        Bytes(),
        nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(),
        nn.Conv2d(16, 16, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(32, 10),
    )  # fmt: skip


def wide() -> nn.Module:
    """An image float32[1,64,64] -> an image of the same shape."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
        nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(),
        nn.Conv2d(16, 1, 3, padding=1),
    )  # fmt: skip


def convolution(inputs: int, outputs: int, size: int, stride: int) -> nn.Conv2d:
    """A convolution without bias, as before a batch normalisation."""
    return nn.Conv2d(inputs, outputs, size, stride=stride, padding=size // 2, bias=False)


class Block(nn.Module):
    """Two convolutions around which the input is added to the result (He et al. 2015, the basic block)."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            convolution(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs), nn.ReLU(),
            convolution(outputs, outputs, 3, 1), nn.BatchNorm2d(outputs),
        )  # fmt: skip
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(convolution(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.body(x) + self.shortcut(x))


def resnet() -> nn.Module:
    """The 18-layer residual network: a photograph uint8[3,224,224] -> 1000."""
    blocks: list[nn.Module] = []
    inputs = 64
    for outputs, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        blocks += [Block(inputs, outputs, stride), Block(outputs, outputs, 1)]
        inputs = outputs
    return nn.Sequential(
        Bytes(),
        convolution(3, 64, 7, 2), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1),
        *blocks,
        nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(512, 1000),
    )  # fmt: skip


NETWORKS = {"mlp": mlp, "cnn": cnn, "resnet": resnet, "wide": wide}


def save(name: str, seed: int, path: pathlib.Path) -> None:
    """Makes the network `name` and saves it as TorchScript for inference."""
    torch.manual_seed(seed)
    network = NETWORKS[name]().eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TorchScript, which every contender can run
        torch.jit.save(torch.jit.script(network), str(path))
