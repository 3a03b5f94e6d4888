"""Tables in documents."""

import pathlib
import re


def write_docs(path: pathlib.Path, name: str, text: str) -> None:
    """Puts a text between the markers of that name in a document."""
    begin, end = (f"<!-- {name} {word} -->" for word in ("begin", "end"))
    document = path.read_text()
    pattern = re.compile(f"{begin}.*?{end}", re.DOTALL)
    if not pattern.search(document):
        raise ValueError(f"{path} has no '{begin}' with '{end}' below it")
    path.write_text(pattern.sub(lambda _: f"{begin}\n{text}\n{end}", document))
