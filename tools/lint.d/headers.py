"""Each public header compiles alone. They name no foreign library (see layers), so that no other folder is needed."""
import tree

COMMAND = ["c++", "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-Iinclude"]


def check(files):
    stamps = tree.Stamps(files, "headers")
    settings = " ".join(COMMAND) + tree.run(["c++", "--version"])[1]
    names = [name for name in files.cpp if name.startswith("include/")]
    keys = {name: stamps.key(files.closure(name, ["include"]), settings) for name in names}
    changed = [name for name in names if not stamps.has(keys[name])]

    def run(name):
        status, _, error = tree.run([*COMMAND, "-include", name, "-x", "c++", "/dev/null"], files.root)
        if not status:
            stamps.add(keys[name])
        first = next((line for line in error.split("\n") if " error: " in line), error.strip())
        return [f"{name}:1: does not compile alone ({first})"] if status else []

    findings = [finding for some in files.each(run, changed) for finding in some]
    return findings, f"{len(changed)} changed public headers of {len(names)} compile alone"
