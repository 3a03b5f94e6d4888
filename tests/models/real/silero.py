"""silero-vad: how likely each 32 ms of a recording are speech (MIT), from the TorchScript file that its authors ship.

The method `audio_forward` takes the sample rate as a number; it forgets what it heard before, so rows stay rows.
"""

import importlib.util
import pathlib
import shutil

import numpy as np
import torch

from model import Model, expect

RATE = 16_000
SECONDS = 1
QUIET = 0.3  # no piece of silence, noise or a pure tone is speech with more than this


class Silero(Model):
    config = "silero.yaml"
    rows = 100

    def data(self, rows):
        """In turn: silence, noise, a pure tone, and hum with overtones that swells like syllables."""
        random = np.random.default_rng(4)
        time = np.arange(RATE * SECONDS) / RATE
        audio = np.zeros((rows, len(time)))
        for row in range(rows):
            pitch = random.uniform(90, 250)
            if row % 4 == 1:
                audio[row] = random.normal(0, 0.1, len(time))
            if row % 4 == 2:
                audio[row] = 0.5 * np.sin(2 * np.pi * 4 * pitch * time)
            if row % 4 == 3:
                audio[row] = syllables(random, time, pitch)
        return {"/audio": audio.astype(np.float32)}

    def network(self):
        return torch.jit.load(archive())

    def save(self, network, examples, path):
        shutil.copyfile(archive(), path)

    def check(self, data, results):
        loudest = [results[0][kind::4].max() for kind in range(4)]
        expect(max(loudest[:3]) < QUIET, f"silence, noise and tones are speech with {loudest[:3]}")
        expect(loudest[3] > 0.5, f"what sounds like syllables is speech with {loudest[3]:.2f} at most")
        return f"silence, noise and tones are no speech (at most {max(loudest[:3]):.3f}); syllables are (up to {loudest[3]:.2f})"


def syllables(random, time, pitch):
    """A buzz through three resonances, four times a second."""
    formants = random.uniform([300, 900, 2200], [800, 1800, 3000])
    glide = 2 * np.pi * np.cumsum(pitch * (1 + 0.1 * np.sin(2 * np.pi * 2 * time))) / RATE
    sound = np.zeros(len(time))
    for overtone in range(1, 30):
        gain = sum(1 / (1 + ((overtone * pitch - formant) / 100) ** 2) for formant in formants)
        sound += gain / overtone**0.5 * np.sin(overtone * glide)
    return 0.3 * sound / np.abs(sound).max() * np.clip(np.sin(2 * np.pi * 4 * time), 0, 1)


def archive() -> pathlib.Path:
    """The file in the package, which needs not be imported: it would ask for torchaudio."""
    return pathlib.Path(importlib.util.find_spec("silero_vad").submodule_search_locations[0]) / "data/silero_vad.jit"
