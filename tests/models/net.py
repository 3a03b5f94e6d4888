"""The model of the package tests: two inputs, two results, and a batch axis that no row crosses."""

import torch

ROWS = 70  # no multiple of a batch that the tests use
FIXED_BATCH = 8
RANGE_BATCH = 16  # what the tests run the package for 1 to 64 rows with


class Net(torch.nn.Module):
    """A convolution and two linear layers over an image and a few numbers."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.convolution = torch.nn.Conv2d(1, 4, 3)
        self.hidden = torch.nn.Linear(4 * 4 * 4 + 5, 24)
        self.last = torch.nn.Linear(24, 7)

    def forward(self, image, extra):
        features = torch.relu(self.convolution(image)).flatten(1)
        hidden = torch.relu(self.hidden(torch.cat([features, extra.float() / 255], 1)))
        logits = self.last(hidden)
        return {"logits": logits, "best": logits.argmax(1)}


def rows():
    """The data: ROWS images and as many rows of numbers."""
    generator = torch.Generator().manual_seed(2)
    image = torch.randn(ROWS, 1, 6, 6, generator=generator)
    extra = torch.randint(0, 256, (ROWS, 5), dtype=torch.uint8, generator=generator)
    return image, extra
