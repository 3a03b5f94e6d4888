#!/usr/bin/env python3
"""The folder that tools/gpu_bundle makes: whole, and able to start in an empty environment.

    bundle_test.py FOLDER    makes FOLDER with the Python that runs this
"""

import json
import os
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = pathlib.Path(sys.argv.pop(1)).resolve()
OF_THE_OTHER_MACHINE = ("libtorch", "libc10", "libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libresolv.so",
                        "libutil.so", "libstdc++.so", "libgcc_s.so", "libgomp", "libcu", "libnv", "libnccl", "ld-linux")  # fmt: skip


def setUpModule():
    subprocess.run([ROOT / "tools/gpu_bundle", FOLDER], check=True, stdout=subprocess.DEVNULL)


def libraries(file):
    """What the loader finds for a file of the bundle: [(name, path)]."""
    environment = {**os.environ, "LD_LIBRARY_PATH": str(FOLDER / "lib")}
    found = subprocess.run(["ldd", file], env=environment, check=True, capture_output=True, text=True).stdout
    return [tuple(line.strip().split(" => ")) for line in found.splitlines() if " => " in line]


class BundleTest(unittest.TestCase):
    def test_holds_every_library_but_those_of_libtorch_and_glibc(self):
        files = [*FOLDER.glob("bin/*"), *FOLDER.glob("lib/*.so*"), *FOLDER.glob("lib/*/*.so")]
        self.assertGreater(len(files), 50)
        for file in files:
            for name, path in libraries(file):
                if not name.startswith(OF_THE_OTHER_MACHINE) or name.startswith("libcurl"):
                    self.assertTrue(path.startswith(str(FOLDER)), f"{file} takes {name} from {path}")

    def test_starts_in_an_empty_environment_and_skips_what_needs_a_gpu(self):
        out = FOLDER / "out"
        environment = {"PATH": "/usr/bin:/bin", "PYTHON": sys.executable, "OUT": str(out), "CUDA_VISIBLE_DEVICES": ""}
        ended = subprocess.run([FOLDER / "run.sh", "tests"], env=environment, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        results = json.loads((out / "results.json").read_text())
        steps = {name: code for name, code, _ in results["steps"]}
        self.assertEqual((steps["version"], steps["ranks"], steps["StartOfGpuBuild"]), (0, 0, 0))
        for test in results["tests"]:
            wanted = "passed" if test["name"].startswith("StartOfGpuBuild.") else "skipped"
            self.assertEqual(test["result"], wanted, test)
            self.assertTrue(wanted == "passed" or test["why"], test)
        self.assertLessEqual({path.name for path in out.iterdir()}, {"log.txt", "results.json", "table.md"})


if __name__ == "__main__":
    if not os.path.exists(sys.executable) or subprocess.run([sys.executable, "-c", "import torch"]).returncode:
        print("skipped: this Python has no torch")
        sys.exit(77)
    unittest.main()
