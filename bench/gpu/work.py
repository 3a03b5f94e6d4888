"""The work that is measured: ResNet-50 over photographs of bytes, normalised on the device."""

import dataclasses
import os
import pathlib
import sys
from typing import Any

SCALE = 1 / 255
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
ROW = (3, 224, 224)


@dataclasses.dataclass(frozen=True)
class Form:
    """One form of the network. `name` is that of its file, too."""

    precision: str  # float32, tf32, bfloat16
    kind: str  # pt, pt-nhwc (weights in channels-last), pt-asked (model.precision says it), pt2

    @property
    def name(self) -> str:
        return f"{self.precision}-{self.kind}"

    @property
    def dtype(self) -> str:
        """Type of the weights when they run, and of the network's input."""
        return "bfloat16" if self.precision == "bfloat16" else "float32"

    @property
    def normalised_in(self) -> str:
        """Type in which bytes are normalised; model.precision casts behind that."""
        return "float32" if self.kind == "pt-asked" else self.dtype

    @property
    def file(self) -> str:
        if self.kind == "pt-asked":
            return "float32-pt.pt"
        return f"{self.dtype}-{self.kind}" + (".pt2" if self.kind == "pt2" else ".pt")

    @property
    def asked(self) -> str:
        """model.precision of the job."""
        return self.precision if self.kind == "pt-asked" or self.precision == "tf32" else "float32"

    def seconds(self, of: "Size") -> float:
        """What a run of dist-infer takes; less where it says less."""
        return of.seconds if self.precision == "bfloat16" else of.seconds / 2


# The most important first.
FORMS = tuple(Form(*words.split()) for words in (
    "bfloat16 pt", "bfloat16 pt-nhwc", "bfloat16 pt2", "tf32 pt", "float32 pt", "bfloat16 pt-asked", "tf32 pt2",
    "float32 pt2"))  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Size:
    """How much is measured."""

    device: str
    batch: int
    part_rows: int  # rows of one file
    parts: int
    seconds: float  # of a run of dist-infer, at most; a figure of the network alone takes a tenth of it
    network: str = "resnet50"

    @property
    def forms(self) -> tuple[Form, ...]:
        """Those that DIST_INFER_TEST_FORMS names, or all; the CPU stands in for one that tries the scripts out."""
        wanted = os.environ.get("DIST_INFER_TEST_FORMS")
        forms = FORMS if self.device == "cuda" else (Form("float32", "pt"),)
        return tuple(form for form in forms if wanted is None or form.name in wanted.split(","))


GPU = Size("cuda", 256, 5120, 24, 8.0)
SIMULATED = Size("cpu", 2, 6, 2, 0.1, "resnet18")


def size() -> Size:
    return SIMULATED if os.environ.get("DIST_INFER_TEST_GPU") == "simulated" else GPU


def data_files(folder: pathlib.Path, of: Size) -> list[pathlib.Path]:
    return [folder / f"photographs-{part}.h5" for part in range(of.parts)]


def set_precision(torch: Any, precision: str) -> None:
    """As dist-infer sets it for model.precision; cuDNN looks for no faster kernel in either."""
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.benchmark = False


class Normalise:
    """What dist-infer does with a batch of bytes on the device, operation for operation."""

    def __init__(self, torch: Any, form: Form, device: str) -> None:
        self.dtype = getattr(torch, form.normalised_in)
        self.dtype_of_network = getattr(torch, form.dtype)
        self.mean, self.std = (torch.tensor(values, dtype=torch.float64).to(device, self.dtype).reshape(1, 3, 1, 1)
                               for values in (MEAN, STD))  # fmt: skip

    def __call__(self, photographs: Any) -> Any:
        return photographs.to(self.dtype).mul(SCALE).sub(self.mean).div(self.std).to(self.dtype_of_network)


def make_data(folder: pathlib.Path, of: Size) -> None:
    """Photographs of noise; every file is the same one by another name, since no figure depends on them."""
    import h5py
    import numpy as np

    some = np.random.default_rng(1).integers(0, 256, (min(of.part_rows, 1024), *ROW), dtype=np.uint8)
    first, *others = data_files(folder, of)
    with h5py.File(first, "w") as file:
        rows = file.create_dataset("photographs", (of.part_rows, *ROW), np.uint8)
        for begin in range(0, of.part_rows, len(some)):
            end = min(begin + len(some), of.part_rows)
            rows[begin:end] = some[: end - begin]
    for path in others:
        path.hardlink_to(first)


def network(torch: Any, form: Form, of: Size) -> Any:
    import torchvision

    torch.manual_seed(0)
    net = torchvision.models.get_model(of.network, weights=None).eval().to(of.device, getattr(torch, form.dtype))
    return net.to(memory_format=torch.channels_last) if form.kind == "pt-nhwc" else net


def make_model(folder: pathlib.Path, of: Size, file: str) -> None:
    """The network as TorchScript, traced, or as a package for batches of one size."""
    import torch

    form = next(form for form in of.forms if form.file == file)
    net = network(torch, form, of)
    example = torch.zeros(of.batch, *ROW, dtype=getattr(torch, form.dtype), device=of.device)
    if form.kind == "pt2":
        from export_model import export_model

        os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / f"cache-{file}")
        export_model(net, (example,), folder / file, batch=of.batch, output_names=["scores"])
    else:
        with torch.no_grad():
            torch.jit.trace(net, example[:2]).save(str(folder / file))


if __name__ == "__main__":
    what, where = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    if what == "data":
        make_data(where, size())
    else:
        make_model(where, size(), what)
