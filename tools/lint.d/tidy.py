"""clang-tidy with the tree's .clang-tidy, on what changed since it passed: the source, a header of ours, how it is built."""
import json
import os
import re

import tree

BUILD = "build/release"
COMPATIBLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clang-compat")
FINDING = re.compile(r"^(/.+?):(\d+):\d+: (?:error|warning): (.*)$", re.MULTILINE)


def configure(files):
    """Makes the compile commands, where they are missing or older than what CMake reads."""
    cmake = [name for name in files.files if name.endswith(("CMakeLists.txt", ".cmake", "CMakePresets.json"))]
    made = files.path(f"{BUILD}/build.ninja")
    newest = max(os.path.getmtime(files.path(name)) for name in cmake) if cmake else 0
    if os.path.exists(made) and os.path.getmtime(made) >= newest:
        return
    status, out, error = tree.run(["cmake", "--preset", "release"], files.root)
    if status:
        raise tree.LintError(f"cmake --preset release failed ({(error or out).strip()})")


def commands(files):
    """{source: how it is compiled}"""
    configure(files)
    with open(files.path(f"{BUILD}/compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    found = {os.path.relpath(entry["file"], files.root): entry["command"] for entry in entries}
    return {name: found[name] for name in files.cpp if name in found}


def folders(files, command):
    """The folders of the tree in which the compiler looks for headers."""
    given = (os.path.relpath(folder, files.root) for folder in re.findall(r"-I(\S+)", command))
    return [folder for folder in given if not folder.startswith("..")]


def tidy(files, name):
    """What clang-tidy says about a source and the headers that it includes."""
    command = ["clang-tidy", "-p", BUILD, "--quiet", f"--extra-arg-before=-isystem{COMPATIBLE}", name]
    status, out, error = tree.run(command, files.root)
    findings = [f"{os.path.relpath(path, files.root)}:{line}: {text}" for path, line, text in FINDING.findall(out)]
    if status and not findings:
        findings = [f"{name}:1: clang-tidy failed ({error.strip()[-400:]})"]
    return findings


def check(files):
    stamps, built = tree.Stamps(files, "tidy"), commands(files)
    version = tree.run(["clang-tidy", "--version"])[1]
    settings = [name for name in files.files if name.endswith(".clang-tidy") or "/clang-compat/" in name]
    keys = {name: stamps.key(settings + files.closure(name, folders(files, command)), version, command)
            for name, command in built.items()}
    changed = [name for name, key in keys.items() if not stamps.has(key)]

    def run(name):
        findings = tidy(files, name)
        if not findings:
            stamps.add(keys[name])
        return findings

    findings = [finding for some in files.each(run, changed) for finding in some]
    return list(dict.fromkeys(findings)), f"clang-tidy of {len(changed)} changed files of {len(built)}"
