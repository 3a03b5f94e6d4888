"""docs/models.md shows the configs that the tests run, and no command but those that they run.

models_test.py ROOT
"""

import pathlib
import re
import sys

COMMANDS = {
    "tools/setup --models",  # what fetches the models that the tests run
    "tools/test release -L models",  # the tests
    "tools/soak models",  # the same with more rows
    "mpirun -np 2 --bind-to none build/release/dist-infer config.yaml",  # as real/check.py has it
    "mpirun -np 2 --bind-to none build/release/dist-infer config.yaml --set model.path=model.pt2",
}


def blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", document, re.DOTALL | re.MULTILINE)


def main(root: pathlib.Path) -> int:
    document = (root / "docs/models.md").read_text()
    configs = {path.read_text(): path.name for path in (root / "tests/models/real").glob("*.yaml")}
    lines = [re.sub(r"\s+#.*", "", line) for block in blocks(document, "bash") for line in block.splitlines()]
    shown = blocks(document, "yaml")
    wrong = [f"a config that no test runs:\n{config}" for config in shown if config not in configs]
    wrong += [f"{name} is not shown" for config, name in configs.items() if config not in shown]
    wrong += [f"a command that no test runs: {line}" for line in lines if line and line not in COMMANDS]
    for what in wrong:
        print(f"docs/models.md: {what}", file=sys.stderr)
    print(f"{len(shown)} configs and {len(lines)} lines of commands")
    return 1 if wrong or not shown else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
