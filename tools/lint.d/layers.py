"""Every #include against the table layers.txt, and the table against CMake."""
import os
import re

NAME = "tools/lint.d/layers.txt"
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "layers.txt")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)')
DEFINITION = re.compile(r"^[ \t]*distinfer_layer\((\w+)(.*?)\)", re.MULTILINE | re.DOTALL)


class Table:
    """What layers.txt says: layers with what each may see, in order, and libraries with their layers and headers."""

    def __init__(self, path=TABLE):
        self.layers, self.libraries = {}, {}
        with open(path, encoding="utf-8") as file:
            for kind, name, rest in re.findall(r"^(layer|library) ([\w-]+):(.*)$", file.read(), re.MULTILINE):
                if kind == "layer":
                    self.layers[name] = rest.split()
                else:
                    layers, headers = rest.split(";")
                    self.libraries[name] = (layers.split(), headers.split())

    def library(self, header):
        matches = (name for name, (_, headers) in self.libraries.items()
                   if any(header == own or own.endswith("/") and header.startswith(own) for own in headers))
        return next(matches, None)


class Definition:
    """What one distinfer_layer(...) of CMake says."""

    def __init__(self, text):
        self.sections, section = {}, ""
        for word in re.sub(r"#.*", "", text).split():
            if word in ("SOURCES", "LAYERS", "PUBLIC", "PRIVATE"):
                section = word
            else:
                self.sections.setdefault(section, []).append(word)
        self.layers = self.sections.get("LAYERS", [])
        self.stems = {os.path.splitext(source)[0] for source in self.sections.get("SOURCES", [])}


def definitions(files):
    """{layer: (CMakeLists.txt, line, Definition)}"""
    found = {}
    for name in files.files:
        if re.fullmatch(r"src/\w+/CMakeLists\.txt", name):
            text = files.text(name)
            for match in DEFINITION.finditer(text):
                found[match[1]] = (name, text.count("\n", 0, match.start()) + 1, Definition(match[2]))
    return found


def reach(layer, below):
    """The layer and all that it sees, directly or through others."""
    seen, todo = set(), [layer]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo += below.get(current, [])
    return seen


def check_table(table):
    findings, order = [], list(table.layers)
    for layer, below in table.layers.items():
        findings += [f"{NAME}:1: {layer} sees {other}, which is not below it"
                     for other in below if other not in order[:order.index(layer)]]
    for name, (layers, _) in table.libraries.items():
        findings += [f"{NAME}:1: library {name} names {layer}, which is no layer" for layer in layers if layer not in order]
    return findings


def check_cmake(table, defined):
    findings = []
    linked = {layer: definition.layers for layer, (_, _, definition) in defined.items()}
    for layer, (name, line, _) in defined.items():
        if layer not in table.layers:
            findings.append(f"{name}:{line}: layer {layer} is not in {NAME}")
            continue
        allowed = {below for below in reach(layer, table.layers) if below in defined}
        for other in sorted(reach(layer, linked) ^ allowed):
            by, to = ("CMake", "layers.txt") if other not in allowed else ("layers.txt", "CMake")
            findings.append(f"{name}:{line}: {layer} sees {other} by {by}, not by {to}")
    return findings


def check_sources(files, defined):
    """Every source is built."""
    built = {f"{os.path.dirname(name)}/{word}" for name in {name for name, _, _ in defined.values()}
             for word in re.split(r"[\s()]+", files.text(name))}
    return [f"{name}:1: no CMakeLists.txt beside it names this source"
            for name in files.files if re.fullmatch(r"src/\w+/\w+\.cpp", name) and name not in built]


class Includes:
    def __init__(self, files, table, defined):
        self.files, self.table, self.defined = files, table, defined
        self.in_src = {}
        for name in files.files:
            if re.fullmatch(r"src/\w+/\w+\.hpp", name):
                self.in_src.setdefault(os.path.basename(name), []).append(name)

    def layer(self, name):
        """The layer of a file, or None. A folder holds the layer of its name, and others that CMake defines there."""
        match = re.match(r"(?:include/distinfer|src|tests/unit)/(\w+)/(?:.*/)?(\w+)\.[ch]pp$", name)
        if not match:
            return None
        for layer, (cmake, _, definition) in self.defined.items():
            if cmake == f"src/{match[1]}/CMakeLists.txt" and layer != match[1] and match[2] in definition.stems:
                return layer
        return match[1]

    def problem(self, name, quote, header):
        """What is wrong with this #include, or None."""
        layer, test = self.layer(name), name.startswith("tests/")
        if quote == '"' and header.startswith("distinfer/"):
            return self.public(layer, test, header)
        if quote == '"':
            return self.private(name, layer, header)
        library = self.table.library(header)
        if test or layer is None or library is None and not re.search(r"[./]", header):
            return None
        if library is None:
            return f"<{header}> is of no library in {NAME}"
        if name.startswith("include/"):
            return f"<{header}> in a public header: only sources name a foreign library"
        layers = self.table.libraries[library][0]
        return None if layer in layers else f"<{header}> is only for {', '.join(layers)}, not for {layer}"

    def public(self, layer, test, header):
        target = f"include/{header}"
        if target not in self.files.files:
            return f'there is no "{header}"'
        other = self.layer(target)
        if test or layer is None or other in reach(layer, self.table.layers):
            return None
        return f"{layer} does not see {other}"

    def private(self, name, layer, header):
        """A header outside include/ is for the sources and the unit tests of its own layer, and for fuzz targets."""
        if name.startswith("tests/fuzz/"):
            return None
        if name.startswith(("src/", "include/")):
            beside = f"{os.path.dirname(name)}/{header}"
            allowed = name.startswith("src/") and beside in self.files.files and ".." not in header
            return None if allowed else f'"{header}" is no header of this layer; others are included as "distinfer/..."'
        beside = os.path.normpath(f"{os.path.dirname(name)}/{header}")
        reachable = [beside, f"src/{header}"] if "/" in header or beside in self.files.files else self.in_src.get(header, [])
        owners = [other for other in reachable if other.startswith("src/") and other in self.files.files]
        return f'"{header}" is private to {owners[0]}' if owners and f"src/{layer}" not in map(os.path.dirname, owners) else None


def check(files):
    table, defined = Table(), definitions(files)
    findings = check_table(table) + check_cmake(table, defined) + check_sources(files, defined)
    includes, count = Includes(files, table, defined), 0
    for name in files.cpp:
        for number, line in enumerate(files.text(name).split("\n"), 1):
            if match := INCLUDE.match(line):
                count += 1
                if problem := includes.problem(name, *match.groups()):
                    findings.append(f"{name}:{number}: {problem}")
    return findings, f"{len(defined)} layers and {count} includes against the table and CMake"
