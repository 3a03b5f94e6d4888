#!/usr/bin/env python3
"""Compiles the packages that the tests in this folder run, and writes what Python makes of the same rows.

    make_packages.py FOLDER TORCH_VERSION

    range.pt2         by tools/export_model.py, for batches of 1 to 64 rows
    fixed.pt2         by tools/export_model.py, for batches of 8 rows
    plain.pt2         by torch alone, without the metadata, for 8 rows
    exported.pt2      by torch.export.save: no package, and dist-infer has to say so
    elsewhere.pt2     fixed.pt2, said to be for another kind of machine
    gpu.pt2           fixed.pt2, said to be for a GPU
    traced.pt         the same model in TorchScript
    image.bin ...     the rows, and the results of each: raw elements, little-endian

What is there already and newer than its sources is kept. Ends with 77, ctest's "skipped", where this Python has no
torch of that version.
"""

import json
import os
import pathlib
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = HERE.parent.parent / "tools"
SKIPPED = 77
STAMP = "made-by.txt"  # written last: without it there are no packages


def import_torch(version):
    """torch, of the version that dist-infer is built with: a package of another may not load."""
    try:
        import torch
    except ImportError as error:
        sys.exit(skip(f"this Python cannot import torch ({error}); tools/setup --test installs it"))
    if torch.__version__.split("+")[0] != version:
        sys.exit(skip(f"this Python has torch {torch.__version__}, dist-infer is built with LibTorch {version}"))
    return torch


def skip(why):
    print(f"skipped: {why}")
    return SKIPPED


def is_fresh(folder, version):
    stamp = folder / STAMP
    sources = [HERE / "make_packages.py", HERE / "net.py", TOOLS / "export_model.py"]
    newest = max(source.stat().st_mtime for source in sources)
    return stamp.is_file() and stamp.read_text() == version and stamp.stat().st_mtime > newest


def write_rows(torch, path, tensor):
    path.write_bytes(bytes(tensor.contiguous().flatten().view(torch.uint8).tolist()))


def write_results(torch, folder, name, run, inputs, batch):
    """What `run` makes of the rows batch by batch, the last one filled up with its last row."""
    parts = []
    for begin in range(0, len(inputs[0]), batch):
        rows = [min(begin + i, len(inputs[0]) - 1) for i in range(batch)]
        parts.append(run(*(tensor[rows] for tensor in inputs)))
    for key in parts[0]:
        write_rows(torch, folder / f"{name}.{key}.bin", torch.cat([part[key] for part in parts])[:len(inputs[0])])


def compile_packages(torch, folder, net, inputs, fixed_batch):
    from export_model import export_model
    few = tuple(tensor[:3] for tensor in inputs)
    export_model(net, few, folder / "range.pt2", batch=(1, 64))
    export_model(net, few, folder / "fixed.pt2", batch=fixed_batch)
    program = torch.export.export(net, tuple(tensor[:fixed_batch] for tensor in inputs))
    torch.export.save(program, folder / "exported.pt2")
    torch._inductor.aoti_compile_and_package(program, package_path=str(folder / "plain.pt2"))
    torch.jit.save(torch.jit.trace(net, few, strict=False), folder / "traced.pt")


def write_changed(source, target, **changes):
    """A package whose metadata has been changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("_metadata.json"):
                data = json.dumps({**json.loads(data), **changes})
            new.writestr(name, data)


def make(torch, folder):
    import net as source
    torch.set_num_threads(1)
    net, inputs = source.Net().eval(), source.rows()
    compile_packages(torch, folder, net, inputs, source.FIXED_BATCH)
    write_changed(folder / "fixed.pt2", folder / "elsewhere.pt2", AOTI_MACHINE="pdp11")
    write_changed(folder / "fixed.pt2", folder / "gpu.pt2", AOTI_DEVICE_KEY="cuda")
    for name, tensor in zip(("image", "extra"), inputs):
        write_rows(torch, folder / f"{name}.bin", tensor)
    with torch.no_grad():
        write_results(torch, folder, "eager", net, inputs, source.ROWS)
        for name, batch in (("range", source.RANGE_BATCH), ("fixed", source.FIXED_BATCH), ("plain", source.FIXED_BATCH)):
            package = torch._inductor.aoti_load_package(str(folder / f"{name}.pt2"))
            write_results(torch, folder, name, package, inputs, batch)


def main(folder, version):
    folder = pathlib.Path(folder)
    if is_fresh(folder, version):
        print("the packages are there and newer than their sources")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STAMP).unlink(missing_ok=True)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "cache")
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(HERE), str(TOOLS)]
    torch = import_torch(version)
    make(torch, folder)
    (folder / STAMP).write_text(version)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
