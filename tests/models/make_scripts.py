#!/usr/bin/env python3
"""Makes the quantised and frozen TorchScript models that script_test runs, and writes what Python makes of the same rows.

    make_scripts.py FOLDER TORCH_VERSION

    dynamic.pt   linear layers in int8, quantised as they run
    static.pt    convolution and linear layers in int8, calibrated before
    frozen.pt    frozen and optimised for inference
    x.bin        float32[70,1,6,6], the rows; NAME.bin: float32[70,7], the results, batch by batch of 8

Ends with 77, ctest's "skipped", where this Python has no torch of that version.
"""

import pathlib
import sys
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from make_packages import import_torch, write_rows  # noqa: E402

ROWS = 70
BATCH = 8


def layers(torch):
    torch.manual_seed(1)
    nn = torch.nn
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 24), nn.ReLU(), nn.Linear(24, 7))


def dynamic(torch, x):
    return torch.ao.quantization.quantize_dynamic(layers(torch).eval(), {torch.nn.Linear}, dtype=torch.qint8)


def static(torch, x):
    quantization = torch.ao.quantization
    model = torch.nn.Sequential(quantization.QuantStub(), layers(torch), quantization.DeQuantStub()).eval()
    model.qconfig = quantization.get_default_qconfig("fbgemm")
    prepared = quantization.prepare(model)
    prepared(x)
    return quantization.convert(prepared)


def plain(torch, x):
    return layers(torch).eval()


def make(torch, folder):
    torch.set_num_threads(1)
    x = torch.randn(ROWS, 1, 6, 6, generator=torch.Generator().manual_seed(2))
    write_rows(torch, folder / "x.bin", x)
    for name, model in (("dynamic", dynamic), ("static", static), ("frozen", plain)):
        script = torch.jit.trace(model(torch, x), x[:BATCH])
        if name == "frozen":
            script = torch.jit.freeze(script.eval())
        torch.jit.save(script, folder / f"{name}.pt")
        loaded = torch.jit.load(folder / f"{name}.pt")
        with torch.inference_mode():
            write_rows(torch, folder / f"{name}.bin", torch.cat([loaded(rows) for rows in x.split(BATCH)]))


def main(folder, version):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    torch = import_torch(version)
    warnings.simplefilter("ignore")  # TorchScript and torch.ao are said to go
    make(torch, folder)
    (folder / "made-by.txt").write_text(version)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
