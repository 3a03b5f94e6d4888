"""The real models by name."""

import pathlib
import sys
from typing import Any

import yaml

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = HERE.parents[2] / "tools"
sys.path[:0] = [str(HERE), str(TOOLS)]

from ani import Ani  # noqa: E402
from crepe import Crepe  # noqa: E402
from minilm import MiniLm  # noqa: E402
from model import Model  # noqa: E402
from silero import Silero  # noqa: E402
from vision import Vision  # noqa: E402

MODELS: dict[str, Model] = {
    "ani": Ani(),
    "crepe_tiny": Crepe("tiny", rows=1_000),
    "crepe_full": Crepe("full", rows=40),
    "minilm": MiniLm(),
    "silero": Silero(),
    "resnet50": Vision("resnet50", rows=18),
    "vit_b_16": Vision("vit_b_16", rows=10),
}


def config_of(model: Model) -> dict[str, Any]:
    return yaml.safe_load((HERE / model.config).read_text())
