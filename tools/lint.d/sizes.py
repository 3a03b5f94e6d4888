"""The size budget: files and functions stay small. Counts on the form that clang-format gives."""
import ast
import re
import statistics

import scripts

FOLDERS = ("src/", "include/", "tests/", "examples/", "tools/", "bench/")
FILE_MAX = 400
FILE_MEDIAN = 100
FUNCTION_MAX = 50

RAW_STRING = re.compile(r'R"(\w*)\(.*?\)\1"', re.DOTALL)
NO_FUNCTION = re.compile(r"(inline |export )?(class|struct|union|enum|namespace|concept|extern \")\b")


def blank_raw_strings(text):
    return RAW_STRING.sub(lambda match: '""' + "\n" * match[0].count("\n"), text)


def without_template(signature):
    """Drops template <...> from the front of a signature."""
    while match := re.match(r"template <", signature):
        depth, end = 1, match.end()
        while depth and end < len(signature):
            depth += {"<": 1, ">": -1}.get(signature[end], 0)
            end += 1
        signature = signature[end:].lstrip()
    return signature


def signature_start(lines, brace):
    """The line on which what opens at line `brace` is declared."""
    start = brace
    while start and lines[start - 1].strip() and not re.search(r"[;{}]$|^\s*(//|#)|^\s*\w+:$", lines[start - 1]):
        start -= 1
    return start


def cpp_functions(text):
    """(line, length) of every function whose body is on lines of its own, from its signature to its closing brace."""
    lines = blank_raw_strings(text).split("\n")
    functions, number = [], 0
    while number < len(lines):
        brace = re.match(r"( *)\{(\})?$", lines[number])
        start = signature_start(lines, number) if brace else number
        signature = without_template(" ".join(line.strip() for line in lines[start:number]))
        if brace and "(" in signature and not NO_FUNCTION.match(signature):
            end = number
            while not brace[2] and end + 1 < len(lines) and not re.match(brace[1] + r"\}", lines[end]):
                end += 1
            functions.append((start + 1, end - start + 1))
            number = end
        number += 1
    return functions


def python_functions(text):
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:  # the check of scripts tells
        return []
    return [(node.lineno, node.end_lineno - node.lineno + 1) for node in nodes if isinstance(node, ast.FunctionDef)]


def shell_functions(text):
    bodies = re.finditer(r"^\w+\(\) \{\n.*?^\}", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, body.start()) + 1, body[0].count("\n") + 1) for body in bodies]


def functions_of(files, name):
    if name.endswith((".hpp", ".cpp")):
        return cpp_functions(files.text(name))
    if scripts.is_python(files, name):
        return python_functions(files.text(name))
    return shell_functions(files.text(name)) if scripts.is_shell(files, name) else []


def is_code(files, name):
    code = name.endswith((".hpp", ".cpp")) or scripts.is_python(files, name) or scripts.is_shell(files, name)
    return code and name.startswith(FOLDERS)


def spread(sizes):
    """Of sizes: "median 31, p90 128, max 333"."""
    ordered = sorted(sizes) or [0]
    return f"median {statistics.median(ordered):.0f}, p90 {ordered[int(0.9 * (len(ordered) - 1))]}, max {ordered[-1]}"


def check(files):
    findings, lengths, functions = [], [], []
    for name in (name for name in files.files if is_code(files, name)):
        lengths.append(files.text(name).count("\n"))
        if lengths[-1] > FILE_MAX:
            findings.append(f"{name}:1: {lengths[-1]} lines; the limit is {FILE_MAX}, split it")
        for line, length in functions_of(files, name):
            functions.append(length)
            if length > FUNCTION_MAX:
                findings.append(f"{name}:{line}: a function of {length} lines; the limit is {FUNCTION_MAX}, split it")
    median = statistics.median(lengths or [0])
    if median > FILE_MEDIAN:
        findings.append(f"the median file has {median:.0f} lines; the limit is {FILE_MEDIAN}")
    return findings, f"lines of files: {spread(lengths)}; of functions: {spread(functions)}"
