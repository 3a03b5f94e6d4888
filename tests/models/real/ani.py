"""ANI-1x: energies and forces of molecules of H, C, N and O, from an ensemble of eight networks (torchani, MIT).

Two inputs, int64 and float32; energies in float64 and forces in float32, which autograd derives inside forward.
"""

import contextlib
import io
import pathlib
import tempfile
import warnings

import numpy as np
import torch

from model import Model, expect

ATOMS = 14  # of the largest molecule; smaller ones are padded with species -1

# The list of the ensemble's files, relative to torchani's resources: PyPI's package has an empty one.
FILES = """ani-1x_8x/rHCNO-5.2R_16-3.5A_a4-8.params
ani-1x_8x/sae_linfit.dat
ani-1x_8x/train
8
"""

METHANE_BOND = 1.083  # Å
METHANE_ENERGY = -40.4994  # Hartree, of that geometry


def ring(element: int, radius: float) -> list[tuple]:
    angles = np.arange(6) * np.pi / 3
    return [(element, radius * np.cos(angle), radius * np.sin(angle), 0.0) for angle in angles]


def methane() -> list[tuple]:
    side = METHANE_BOND / np.sqrt(3)
    corners = [(1, 1, 1), (-1, -1, 1), (-1, 1, -1), (1, -1, -1)]
    return [(6, 0.0, 0.0, 0.0)] + [(1, *(side * value for value in corner)) for corner in corners]


# Element and position in Å of each atom.
MOLECULES = [
    methane(),
    [(8, 0.0, 0.0, 0.119), (1, 0.0, 0.763, -0.477), (1, 0.0, -0.763, -0.477)],  # water
    [(7, 0.0, 0.0, 0.116), (1, 0.0, 0.940, -0.271), (1, 0.814, -0.470, -0.271), (1, -0.814, -0.470, -0.271)],  # ammonia
    [(8, 0.0, 0.0, 1.160), (6, 0.0, 0.0, 0.0), (8, 0.0, 0.0, -1.160)],  # carbon dioxide
    ring(6, 1.395) + ring(1, 2.482),  # benzene
]


class EnergyAndForces(torch.nn.Module):
    """What simulations ask a potential for, of the energy alone."""

    def __init__(self, potential: torch.nn.Module):
        super().__init__()
        self.potential = potential

    def forward(self, species: torch.Tensor, coordinates: torch.Tensor) -> dict[str, torch.Tensor]:
        positions = coordinates.detach().requires_grad_(True)
        energy = self.potential((species, positions)).energies
        gradient = torch.autograd.grad([energy.sum()], [positions])[0]
        assert gradient is not None
        return {"energy": energy.detach(), "forces": -gradient}


class Ani(Model):
    config = "ani.yaml"
    rows = 500

    def data(self, rows):
        """The molecules in turn, the first five as they are and all others shaken by 0.05 Å."""
        random = np.random.default_rng(1)
        species = np.full((rows, ATOMS), -1, np.int64)
        coordinates = np.zeros((rows, ATOMS, 3), np.float32)
        for row in range(rows):
            atoms = np.array(MOLECULES[row % len(MOLECULES)])
            species[row, : len(atoms)] = atoms[:, 0]
            shake = random.normal(0, 0.05, (len(atoms), 3)) if row >= len(MOLECULES) else 0
            coordinates[row, : len(atoms)] = atoms[:, 1:] + shake
        return {"/species": species, "/coordinates": coordinates}

    def network(self):
        info = tempfile.NamedTemporaryFile("w", suffix=".info")
        with info as files, warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")  # parts of torchani that are not needed here are absent
            from torchani.models import BuiltinEnsemble

            files.write(FILES)
            files.flush()
            potential = BuiltinEnsemble._from_neurochem_resources(files.name, periodic_table_index=True)
        return EnergyAndForces(potential).eval()

    def save(self, network, examples, path: pathlib.Path):
        torch.jit.script(network).save(path)

    def check(self, data, results):
        energy, forces = results
        expect(energy.dtype == np.float64 and forces.dtype == np.float32, f"{energy.dtype} energies, {forces.dtype} forces")
        expect(abs(energy[0] - METHANE_ENERGY) < 1e-4, f"methane has {energy[0]:.4f} Hartree")
        same = np.arange(len(energy)) % len(MOLECULES)
        spread = np.abs(energy - energy[same]).max()
        expect(spread < 0.4, f"a shaken molecule is {spread:.3f} Hartree from the one that it is")
        padding = np.abs(forces[data["/species"] < 0]).max()
        expect(padding == 0, f"atoms that are not there feel forces of {padding}")
        net = np.abs(forces.sum(axis=1)).max()
        expect(net < 1e-4, f"forces on a molecule add up to {net}")
        return f"methane is {METHANE_ENERGY} Hartree; forces on each molecule add up to nothing"
