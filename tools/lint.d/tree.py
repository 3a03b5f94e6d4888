"""The files that are checked, and what is known to be clean."""
import functools
import hashlib
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

QUOTED = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


class LintError(Exception):
    """A check could not run."""


def run(command, cwd=None):
    """Status and output of a command. Raises LintError where it is not installed."""
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace")
    except FileNotFoundError:
        raise LintError(f"{command[0]} is not installed; run tools/setup --test") from None
    return done.returncode, done.stdout, done.stderr


class Tree:
    """What git tracks, or would: paths are relative to the root."""

    def __init__(self, root, jobs=1):
        self.root = os.path.realpath(root)
        self.jobs = jobs

    @functools.cached_property
    def files(self):
        status, out, error = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], self.root)
        if status:
            raise LintError(f"git cannot list the files ({error.strip()})")
        names = sorted(set(out.split("\0")) - {""})
        return [name for name in names if os.path.isfile(self.path(name))]  # a removed file may still be tracked

    @property
    def cpp(self):
        return [name for name in self.files if name.endswith((".hpp", ".cpp"))]

    def path(self, name):
        return os.path.join(self.root, name)

    @functools.lru_cache(maxsize=None)
    def data(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    @functools.lru_cache(maxsize=None)
    def text(self, name):
        """The text of a file; nothing where it is not text."""
        data = self.data(name)
        return "" if b"\0" in data else data.decode("utf-8", "replace")

    def each(self, work, items):
        """work(item) of every item, several at a time, in their order."""
        with ThreadPoolExecutor(max(1, self.jobs)) as pool:
            return list(pool.map(work, items))

    def closure(self, name, folders):
        """The file and every file of the tree that it includes, in folders or beside the one that includes it."""
        known = set(self.files)
        found, todo = {name}, [name]
        while todo:
            current = todo.pop()
            for quoted in QUOTED.findall(self.text(current)):
                places = (os.path.normpath(os.path.join(folder, quoted)) for folder in (os.path.dirname(current), *folders))
                target = next((place for place in places if place in known), None)
                if target and target not in found:
                    found.add(target)
                    todo.append(target)
        return sorted(found)


class Stamps:
    """Remembers what passed: an empty file of .cache/KIND for each key. Forgets what was not asked for in 30 days."""

    def __init__(self, tree, kind):
        self.tree = tree
        self.folder = tree.path(os.path.join(".cache", kind))
        os.makedirs(self.folder, exist_ok=True)
        for entry in os.scandir(self.folder):
            if time.time() - entry.stat().st_mtime > 30 * 24 * 3600:
                os.unlink(entry.path)

    def key(self, names, *texts):
        """Of the content of files and whatever else decides the result."""
        state = hashlib.sha256()
        for text in texts:
            state.update(text.encode() + b"\0")
        for name in names:
            state.update(name.encode() + b"\0" + hashlib.sha256(self.tree.data(name)).digest())
        return state.hexdigest()

    def has(self, key):
        path = os.path.join(self.folder, key)
        if not os.path.exists(path):
            return False
        os.utime(path)
        return True

    def add(self, key):
        with open(os.path.join(self.folder, key), "w", encoding="utf-8"):
            pass
