"""Shell and Python scripts parse. A script is known by its first line or its name."""
import ast
import re

import tree


def is_shell(files, name):
    return bool(re.match(r"#!.*\b(ba)?sh\b", files.text(name))) or name.endswith(".sh")


def is_python(files, name):
    return bool(re.match(r"#!.*\bpython3?\b", files.text(name))) or name.endswith(".py")


def check(files):
    findings = []
    shell = [name for name in files.files if is_shell(files, name)]
    python = [name for name in files.files if is_python(files, name)]
    for name in shell:
        status, _, error = tree.run(["bash", "-n", name], files.root)
        if status:
            findings.append(re.sub(r": line (\d+):", r":\1:", error.strip()))
    for name in python:
        try:
            ast.parse(files.text(name))
        except SyntaxError as error:
            findings.append(f"{name}:{error.lineno}: {error.msg}")
    return findings, f"{len(shell)} shell and {len(python)} Python scripts parse"
