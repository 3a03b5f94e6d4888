#!/usr/bin/env python3
"""The steps of run.sh, the most important first, each under a time limit of its own. A step that fails stops no other.

Writes log.txt, results.json and table.md, and writes them anew after each step, so that nothing is lost where this is
ended from outside.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77  # what a script ends with that needs a GPU, where there is none
SUITES = ("StartOfGpuBuild", "DeviceOnGpu", "EqualityOnGpu", "ValuesOnGpu", "DisturbedOnGpu")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    add = parser.add_argument
    add("what", nargs="?", choices=("all", "tests", "bench"), default="all")
    add("--simulate", action="store_true", help="try the scripts and the tests on the CPU")
    add("--seconds", type=float, default=300, help="time for everything; default: %(default)s")
    add("--out", type=pathlib.Path, default=pathlib.Path(os.environ.get("OUT", "out")), help="default: $OUT, or ./out")
    add("--filter", default="*", help="of tests, as --gtest_filter has it, within each suite; default: %(default)s")
    add("--forms", metavar="NAMES", help="of the network, as bfloat16-pt,bfloat16-pt2; default: all")
    return parser.parse_args()


arguments = parse_arguments()
if arguments.forms:
    os.environ["DIST_INFER_TEST_FORMS"] = arguments.forms
if arguments.simulate:
    os.environ["DIST_INFER_TEST_GPU"] = "simulated"
sys.path.insert(0, str(HERE))

import throughput  # noqa: E402
import work  # noqa: E402
from steps import Ended, Started, Steps  # noqa: E402

if not work.size().forms:
    sys.exit("run.sh: --forms names none of " + ", ".join(form.name for form in work.FORMS))

OF_PROGRAMS = {"LD_LIBRARY_PATH": os.environ["DIST_INFER_TEST_LIBRARIES"]}


def scratch() -> pathlib.Path:
    """A folder in memory where there is room for the photographs, else on disk."""
    of = work.size()
    needed = 1.3 * of.part_rows * 3 * 224 * 224 + 4e9
    roomy = [place for place in ("/dev/shm", tempfile.gettempdir()) if shutil.disk_usage(place).free > needed]
    return pathlib.Path(tempfile.mkdtemp(prefix="dist-infer-gpu-", dir=roomy[0] if roomy else None))


def reason_to_skip(text: str, test: str) -> str:
    """What a test said before it was skipped; GoogleTest's JSON leaves it out."""
    found = re.search(r"skipped: ([^\n]*)\n\[  SKIPPED \] " + re.escape(test) + r"\b", text)
    return found[1] if found else ""


class Bundle:
    """What was found so far, and where it is kept."""

    def __init__(self, steps: Steps, folder: pathlib.Path) -> None:
        self.steps, self.folder = steps, folder
        self.tests: list[dict[str, str]] = []
        self.alone: dict[str, dict[str, Any]] = {}
        self.measured: list[dict[str, Any]] = []
        self.machine = ""

    def python(self, script: str, *words: str) -> list[str]:
        """A package that was linked with the C++ library in it crashes a Python that has not loaded that library itself."""
        return ["env", "LD_PRELOAD=libstdc++.so.6", sys.executable, str(HERE / script), *words]

    def save(self) -> None:
        counts = {how: sum(test["result"] == how for test in self.tests) for how in ("passed", "failed", "skipped")}
        tests = "".join(f"| {test['name']} | {test['result']} | {test['seconds']} | {test['why'][:400].replace('|', '/')} |\n"
                        for test in self.tests)  # fmt: skip
        steps = "".join(f"| {step.name} | {step.code} | {step.seconds:.1f} |\n" for step in self.steps.ended)
        (self.steps.folder / "table.md").write_text(
            f"{self.machine}\n\nTests: {counts}\n\n| test | result | seconds | why |\n| --- | --- | --- | --- |\n{tests}\n"
            f"{throughput.markdown(self.alone, self.measured)}\n| step | exit code | seconds |\n| --- | --- | --- |\n{steps}")
        results = {"machine": self.machine, "commit": (HERE / "commit.txt").read_text().strip(), "counts": counts,
                   "tests": self.tests, "alone": self.alone, "runs": self.measured,
                   "steps": [[step.name, step.code, step.seconds] for step in self.steps.ended]}  # fmt: skip
        (self.steps.folder / "results.json").write_text(json.dumps(results, indent=1))

    def start(self) -> None:
        """Whether the program starts, and what the machine is."""
        self.steps.run("version", [os.environ["DIST_INFER_TEST_PROGRAM"], "version", "--json"], 90, OF_PROGRAMS)
        self.steps.run("ranks", [os.environ["DIST_INFER_TEST_MPIEXEC"], "-np", "2", "true"], 60, OF_PROGRAMS)
        facts = ("import torch, platform; c = torch.cuda; print(torch.__version__, c.get_device_name() if c.is_available() "
                 "else 'no GPU', platform.libc_ver())")  # fmt: skip
        self.machine = self.steps.run("machine", [sys.executable, "-c", facts], 90).text.strip()
        self.steps.run("nvidia-smi", ["sh", "-c", "nvidia-smi; nproc; free -g; df -h /dev/shm /tmp"], 30)
        self.save()

    def start_suite(self, suite: str) -> Started:
        packages = {"DIST_INFER_TEST_PACKAGES": str(self.folder / "packages")}
        required = {} if "no GPU" in self.machine else {"DIST_INFER_TEST_GPU": "required"}
        if os.environ.get("DIST_INFER_TEST_GPU") == "simulated":
            required = {}
        command = [str(HERE / "bin/gpu_test"), f"--gtest_filter={suite}.{arguments.filter}",
                   f"--gtest_output=json:{self.folder / suite}.json"]  # fmt: skip
        return self.steps.start(suite, command, {**OF_PROGRAMS, **packages, **required})

    def note_suite(self, suite: str, ended: Ended) -> None:
        """Each test of a suite with how it ended; the suite itself where it did not come to its end."""
        path = self.folder / f"{suite}.json"
        if not path.exists():
            self.tests.append({"name": suite, "result": "failed", "seconds": f"{ended.seconds:.1f}",
                               "why": f"exit code {ended.code}; see the log"})  # fmt: skip
            return
        for test in (test for found in json.loads(path.read_text())["testsuites"] for test in found["testsuite"]):
            why = " ".join(" ".join(failure["failure"] for failure in test.get("failures", [])).split())
            skipped = test.get("result") == "SKIPPED"
            why = why or reason_to_skip(ended.text, f"{suite}.{test['name']}")
            self.tests.append({"name": f"{suite}.{test['name']}", "seconds": test["time"], "why": why,
                               "result": "skipped" if skipped else "failed" if "failures" in test else "passed"})  # fmt: skip

    def run_tests(self) -> None:
        """The suites beside each other, since most of their time is the start of programs; the package is made meanwhile."""
        packages = self.steps.start("packages", self.python("make_packages.py", str(self.folder / "packages")))
        running = {suite: self.start_suite(suite) for suite in SUITES}
        limit = time.monotonic() + 150
        for suite, started in running.items():
            self.note_suite(suite, started.wait(min(limit - time.monotonic(), self.steps.left())))
            self.save()
        packages.wait(min(120, self.steps.left()))
        self.note_suite("PackageOnGpu", self.start_suite("PackageOnGpu").wait(min(60, self.steps.left())))
        self.save()

    def start_models(self) -> list[Started]:
        """Packages take a minute to compile: they begin first, beside the tests."""
        files = sorted({form.file for form in work.size().forms}, key=lambda file: not file.endswith(".pt2"))
        return [self.steps.start(f"model-{file}", self.python("work.py", file, str(self.folder))) for file in files]

    def measure_alone(self, kind: str, forms: list[str]) -> None:
        """In a process for each kind: the loader of packages was seen to crash."""
        environment = {"DIST_INFER_TEST_FORMS": ",".join(forms)}
        alone = self.steps.run(f"alone-{kind}", self.python("alone.py", str(self.folder)), 120, environment)
        found = [json.loads(line) for line in alone.text.splitlines() if line.startswith('{"form"')]
        self.alone |= {entry["form"]: entry for entry in found}
        self.save()

    def run_bench(self, models: list[Started]) -> None:
        of = work.size()
        self.steps.run("data", self.python("work.py", "data", str(self.folder)), 90)
        for model in models:
            model.wait(min(150, self.steps.left()))
        for kind in ("pt", "pt2"):
            self.measure_alone(kind, [form.name for form in of.forms if (form.kind == "pt2") == (kind == "pt2")])
        for run in throughput.runs(of):
            rate = self.alone.get(run.form.name, {}).get("rows_per_second")
            self.measured.append(throughput.measure(self.steps, self.folder, run, of, rate))
            self.save()


def main() -> int:
    arguments.out.mkdir(parents=True, exist_ok=True)
    folder = scratch()
    steps = Steps(arguments.out, folder, arguments.seconds)
    bundle = Bundle(steps, folder)
    try:
        bundle.start()
        models = bundle.start_models() if arguments.what != "tests" else []
        if arguments.what != "bench":
            bundle.run_tests()
        if arguments.what != "tests":
            bundle.run_bench(models)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bundle.save()
    print((arguments.out / "table.md").read_text())
    failed = any(test["result"] == "failed" for test in bundle.tests) or any("failed" in run for run in bundle.measured)
    return 1 if failed or any(step.code not in (0, SKIPPED) for step in steps.ended) else 0


if __name__ == "__main__":
    sys.exit(main())
