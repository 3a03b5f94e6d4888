"""clang-format, with the tree's own .clang-format."""
import re

import tree

FINDING = re.compile(r"^(.+?:\d+):\d+: (?:error|warning): .*\[-Wclang-format-violations\]$", re.MULTILINE)


def fix(files):
    """Rewrites what clang-format would write differently."""
    tree.run(["clang-format", "-i", *files.cpp], files.root)


def check(files):
    if not files.cpp:
        return [], "no C++"
    status, _, error = tree.run(["clang-format", "--dry-run", "-Werror", *files.cpp], files.root)
    findings = [f"{place}: not as clang-format writes it; run tools/lint --fix" for place in FINDING.findall(error)]
    if status and not findings:
        findings = [error.strip()]
    return list(dict.fromkeys(findings)), f"clang-format of {len(files.cpp)} files"
