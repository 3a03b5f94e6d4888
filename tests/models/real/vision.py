"""ResNet-50 and ViT-B/16 of torchvision (BSD-3-Clause), with random weights: no package has trained ones.

Images are bytes in chunks that gzip has packed; they are scaled and normalised as ImageNet's, by dist-infer.
"""

import numpy as np
import torch

from model import Model, expect

SIDE = 224
CLASSES = 1000


class Vision(Model):
    config = "vision.yaml"
    files = ("model.pt", "model.pt2")

    def __init__(self, name: str, rows: int):
        self.name = name
        self.rows = rows

    def data(self, rows):
        """Random blots: neighbouring pixels are alike, as in photographs, and no two images are."""
        random = np.random.default_rng(5)
        blots = random.integers(0, 256, (rows, 3, SIDE // 16, SIDE // 16), np.uint8)
        return {"/images": blots.repeat(16, axis=2).repeat(16, axis=3)}

    def network(self):
        import torchvision

        torch.manual_seed(6)
        network = getattr(torchvision.models, self.name)(weights=None)
        if self.name.startswith("vit"):
            torch.nn.init.normal_(network.heads.head.weight, std=0.02)  # torchvision's are 0, and so were all results
        settle(network)
        return network.eval()

    def check(self, data, results):
        logits = results[0]
        expect(logits.shape == (len(logits), CLASSES), f"the results have shape {logits.shape}")
        distance = np.abs(logits[1:] - logits[:-1]).max(axis=1).min() / np.abs(logits).max()
        expect(distance > 0.01, f"two images have nearly the same results: they differ by {distance}")
        return f"no image has another's results: they differ by {distance:.2f} of the largest"


def settle(network: torch.nn.Module) -> None:
    """Lets normalisation layers see some data once, as training does: else numbers grow from layer to layer."""
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = 1.0
            layer.train()
    with torch.no_grad():
        network(torch.randn(4, 3, SIDE, SIDE))
