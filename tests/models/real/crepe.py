"""CREPE: the pitch of short pieces of sound, from a convolutional network (torchcrepe, MIT), tiny and full.

Every row is a tone, and its pitch is its answer: a row that is lost, given twice or in another's place shows.
"""

import importlib
import importlib.util
import os
import sys
import types

import numpy as np
import torch

from model import Model, expect

SAMPLES = 1024  # of a row
RATE = 16_000  # samples a second
BINS = 360  # of pitch, 20 cents each
FIRST_BIN_CENTS = 1997.3794084376191  # above 10 Hz

# Tones from 62 Hz to 1 kHz, where the networks are surest; 241 is a prime, so the stride visits all of them.
LOWEST_BIN, TONES, STRIDE = 60, 241, 97
TOLERANCE_BINS = 2


def bin_of_row(row: np.ndarray) -> np.ndarray:
    """Neighbouring rows lie far apart, and rows of one place in a window, batch or rank differ too."""
    return LOWEST_BIN + row * STRIDE % TONES


class Crepe(Model):
    config = "crepe.yaml"

    def __init__(self, capacity: str, rows: int):
        self.capacity = capacity
        self.rows = rows

    def data(self, rows):
        """Tones of random phase with a little noise, each with mean 0 and deviation 1, as torchcrepe has them."""
        random = np.random.default_rng(2)
        frequency = 10 * 2 ** ((20 * bin_of_row(np.arange(rows)) + FIRST_BIN_CENTS) / 1200)
        phase = random.uniform(0, 2 * np.pi, (rows, 1))
        tones = np.sin(2 * np.pi * frequency[:, None] * np.arange(SAMPLES) / RATE + phase)
        tones += random.normal(0, 0.01, tones.shape)
        tones = (tones - tones.mean(axis=1, keepdims=True)) / tones.std(axis=1, keepdims=True)
        return {"/frames": tones.astype(np.float32)}

    def network(self):
        network = crepe_class()(self.capacity)
        weights = os.path.join(sys.modules["torchcrepe"].__path__[0], "assets", f"{self.capacity}.pth")
        network.load_state_dict(torch.load(weights, weights_only=True))
        return network.eval()

    def check(self, data, results):
        wrong = np.abs(results[0].argmax(axis=1) - bin_of_row(np.arange(len(results[0]))))
        rows = np.flatnonzero(wrong > TOLERANCE_BINS)
        expect(rows.size == 0, f"{rows.size} rows are off their tone, row {rows[:1]} by {wrong[rows[:1]]} bins")
        return f"each of {len(wrong)} rows has its own tone, within {wrong.max()} of {BINS} bins"


def crepe_class() -> type:
    """The network's class. The package around it would want to be imported with torchaudio, librosa and more."""
    if "torchcrepe" not in sys.modules:
        package = types.ModuleType("torchcrepe")
        package.__path__ = list(importlib.util.find_spec("torchcrepe").submodule_search_locations)
        package.PITCH_BINS = BINS
        sys.modules["torchcrepe"] = package
    return importlib.import_module("torchcrepe.model").Crepe
