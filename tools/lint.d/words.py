"""What must not be committed: paths of one machine, hosts of downloads, notes without an issue, stray bytes."""
import re

MAX_BYTES = 1_000_000
LINES = [
    (re.compile(r"(?<![\w.$})/-])/(work|root|home)/"), "an absolute path of one machine"),
    (re.compile(r"\b(pypi\.org|deb\.debian\.org|pythonhosted\.org|(objects|raw)\.githubusercontent\.com|codeload\.github\.com)\b"
                r"|github\.com/\S+/(releases/download|archive)/"), "a host of downloads"),
    (re.compile(r"\b(TO" r"DO|FIX" r"ME)\b(?!\(#\d+\))"), "a note for later without its issue, as in TODO(#12)"),
    (re.compile(r"\t"), "a tab"),
    (re.compile(r"[ \t]$"), "blanks at the end"),
]


def check(files):
    findings = []
    for name in files.files:
        data, text = files.data(name), files.text(name)
        if len(data) > MAX_BYTES:
            findings.append(f"{name}:1: {len(data)} bytes; the limit is {MAX_BYTES}")
        if b"\r\n" in data and text:
            findings.append(f"{name}:1: lines end with CR LF")
        if text and not text.endswith("\n"):
            findings.append(f"{name}:{text.count(chr(10)) + 1}: no line end at the end")
        for number, line in enumerate(text.split("\n"), 1):
            findings += [f"{name}:{number}: {what}" for pattern, what in LINES if pattern.search(line.rstrip("\r"))]
    return findings, f"words and bytes of {len(files.files)} files"
