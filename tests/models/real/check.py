#!/usr/bin/env python3
"""Runs a real model with dist-infer on one and two ranks, and holds the results against those of Python's PyTorch.

The reference is the same file in Python, on the same batches, with one thread. How far dist-infer may be off is what a
rerun of Python with two threads is off, or 1e-6 relative for float32. From the network as Python has it, before it became
a file, it may be off as much more as the file itself is in Python. Both numbers of ranks have to give the same bits.
What is known of the rows is checked too. Files and references are kept in FOLDER while their sources stay as they are.
"""

import argparse
import hashlib
import inspect
import json
import os
import pathlib
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

sys.dont_write_bytecode = True

import h5py  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from catalogue import HERE, MODELS, TOOLS, config_of  # noqa: E402
from compare import bound_of, difference  # noqa: E402
from make import make  # noqa: E402
from reference import read_data, run  # noqa: E402

warnings.filterwarnings("ignore", module="torch|transformers|copyreg")  # remarks about their own insides

RANKS = (1, 2)
MPIRUN = ["mpirun", "--oversubscribe", "--bind-to", "none"]
ENVIRONMENT = os.environ | {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
STAMP = "made-by.txt"  # written last: without it nothing is there
FOUND = "found.json"  # for write_docs.py


def stamp_of(name: str, rows: int) -> str:
    """What the files are made of; another text means that they are old."""
    model = MODELS[name]
    sources = [inspect.getfile(type(model)), HERE / model.config, TOOLS / "export_model.py"]
    sources += [HERE / f"{part}.py" for part in ("model", "make", "reference")]
    digest = hashlib.sha256(b"".join(pathlib.Path(source).read_bytes() for source in sources)).hexdigest()
    return f"{digest} {rows} rows, torch {torch.__version__}\n"


def prepare(name: str, folder: pathlib.Path, rows: int) -> None:
    """Data, model files, and what Python makes of them, where they are not there yet."""
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text() == stamp_of(name, rows):
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "cache")
    model = MODELS[name]
    network = model.network()
    make(model, network, folder, rows)
    run(model, network, folder, 1, folder / "eager.npz")
    for file in model.files:
        for threads in (1, 2):
            run(model, load(folder / file), folder, threads, folder / f"{file}.{threads}.npz")
    stamp.write_text(stamp_of(name, rows))


def load(path: pathlib.Path) -> Callable:
    return torch._inductor.aoti_load_package(str(path)) if path.suffix == ".pt2" else torch.jit.load(path)


def read_reference(path: pathlib.Path) -> tuple[list[np.ndarray], float]:
    """Results in order, and seconds that they took."""
    with np.load(path) as file:
        results = [file[f"arr_{i}"] for i in range(sum(key.startswith("arr_") for key in file))]
        return results, float(file["seconds"])


def run_program(program: str, folder: pathlib.Path, file: str, ranks: int) -> tuple[list[np.ndarray], dict[str, Any]]:
    """What dist-infer stores, in the order of the config, and its report."""
    target = folder / f"{file}.np{ranks}"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    command = [*MPIRUN, "-np", str(ranks), program, "config.yaml", "--output", target / "out.h5"]
    subprocess.run([*command, "--set", f"model.path={file}"], cwd=folder, env=ENVIRONMENT, check=True)
    report = json.loads((target / "report.json").read_text())
    with h5py.File(target / "out.h5") as stored:
        return [stored[output["dataset"]][:] for output in report["outputs"]], report


def took(report: dict[str, Any]) -> dict[str, float]:
    return {"seconds": report["result"]["run_seconds"],
            "peak_bytes": max(rank["peak_memory_bytes"] for rank in report["ranks"])}  # fmt: skip


def within(found: float, bound: float, what: str) -> None:
    if found > bound:
        raise AssertionError(f"{what} is off by {found:.2e} relative; {bound:.2e} is allowed")


def check_file(name: str, folder: pathlib.Path, program: str, file: str) -> dict[str, Any]:
    """One model file, on each number of ranks. Returns what docs/models.md tells of it."""
    (eager, _), (reference, seconds), (rerun, _) = (
        read_reference(folder / f"{run}.npz") for run in ("eager", f"{file}.1", f"{file}.2")
    )
    runs = {ranks: run_program(program, folder, file, ranks) for ranks in RANKS}
    found = {"took": {"Python": {"seconds": seconds}} | {f"np {ranks}": took(report) for ranks, (_, report) in runs.items()}}
    found["results"] = {}
    for i, output in enumerate(config_of(MODELS[name])["model"]["outputs"]):
        what = f"{name} {file} {output['dataset']}"
        one, two = (runs[ranks][0][i] for ranks in RANKS)
        if one.tobytes() != two.tobytes():
            raise AssertionError(f"{what}: {np.count_nonzero(one != two)} numbers depend on the number of ranks")
        of_rerun = difference(rerun[i], reference[i])
        of_file, of_eager = difference(one, reference[i]), difference(one, eager[i])
        bound = bound_of(of_rerun, reference[i].dtype)
        within(of_file.relative, bound, what)
        within(of_eager.relative, bound + difference(reference[i], eager[i]).relative, what + " beside the network")
        found["results"][output["dataset"]] = {"file": str(of_file), "eager": str(of_eager), "rerun": str(of_rerun),
                                               "bound": f"{bound:.1e}"}  # fmt: skip
    known = MODELS[name].check(read_data(folder, config_of(MODELS[name])), runs[2][0])
    print(f"{name} {file}: {json.dumps(found['results'])}; {known}", flush=True)
    return found | {"known": known}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=MODELS)
    parser.add_argument("folder", type=pathlib.Path, help="of the files that are made")
    parser.add_argument("program", help="dist-infer")
    parser.add_argument("--rows", type=int, help="default: few, of each model as many as take seconds")
    parser.add_argument("--libtorch", metavar="VERSION", help="what dist-infer is built with; skipped where it is another")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    if given.libtorch and given.libtorch != torch.__version__.split("+")[0]:
        print(f"skipped: this Python has torch {torch.__version__}, dist-infer is built with LibTorch {given.libtorch}")
        return 0
    folder, model = given.folder.resolve(), MODELS[given.model]
    rows = given.rows or model.rows
    prepare(given.model, folder, rows)
    (folder / FOUND).unlink(missing_ok=True)
    try:
        files = {file: check_file(given.model, folder, given.program, file) for file in model.files}
    except AssertionError as error:
        print(f"{given.model}: {error}", file=sys.stderr)
        return 1
    found = {"rows": rows, "batch": config_of(model)["run"]["batch"], "files": files}
    (folder / FOUND).write_text(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
