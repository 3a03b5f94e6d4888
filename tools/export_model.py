#!/usr/bin/env python3
"""Compiles a PyTorch model into an AOTInductor package (.pt2) that dist-infer runs.

The package's metadata gets an entry "distinfer.spec" with the names, types and shapes of inputs and results and the
numbers of rows that a batch may have, so that dist-infer can check data against the model before any row moves.

As a command:

    tools/export_model.py net.py:make_net net.pt2 --input image:float32:1,28,28 --batch 1:64
    tools/export_model.py exported.pt2 net.pt2           a program that torch.export.save wrote

As a library:

    from export_model import export_model
    export_model(net, (images,), "net.pt2", output_names=["logits"], batch=(1, 64))

Needs nothing but torch, of the version that dist-infer was built with, and a C++ compiler. A package is machine code:
compile it on a machine of the kind that runs it.
"""

import argparse
import functools
import importlib.util
import inspect
import json
import logging
import os
import pathlib
import re
import sys
import tempfile
import warnings
import zipfile
from unittest import mock

try:
    import torch
    from torch.utils import _pytree as pytree
except ImportError as error:
    sys.exit(f"export_model: Python's torch cannot be imported ({error}); use a Python that has it: "
             "tools/setup --test puts one at .deps/venv/bin/python")

DEFAULT_BATCH = (1, 64)
METADATA_KEY = "distinfer.spec"

# What a dataset can hold, and dist-infer can feed.
INPUT_DTYPES = ("bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "bfloat16",
                "float32", "float64")


class ExportError(Exception):
    """A model that cannot become a package, with the reason and what to do."""


def export_model(model, example_inputs, path, *, input_names=None, output_names=None, batch=None):
    """Compiles a model into the package `path` and returns the spec that was put into its metadata.

    model           an nn.Module, which is set to eval(), or a torch.export.ExportedProgram
    example_inputs  a tuple of tensors, one for each argument of forward, rows first; how many rows they have does not
                    matter. None for an ExportedProgram, which brings its own
    path            where the package goes: a name that ends in .pt2
    input_names     one for each tensor; default: the names of forward's arguments
    output_names    one for each result, in order; default: a dict's keys, or output, output_0, output_1, ...
    batch           the rows of a batch: a range (least, largest), or one number, to which the model is then fixed.
                    Default: (1, 64) for a module, and for a program what it was exported for.

    Raises ExportError, and leaves no package behind, where the model cannot be compiled for those batches.
    """
    path = pathlib.Path(path)
    if path.suffix != ".pt2":
        raise ExportError(f"'{path}' does not end in .pt2; the name of a package has to")
    if isinstance(model, torch.export.ExportedProgram):
        program, batch = _widened(model, _as_range(batch))
    else:
        batch = _as_range(batch) or DEFAULT_BATCH
        program = _export(model.eval(), tuple(example_inputs), {}, batch)
    spec = make_spec(program, batch, input_names, output_names)
    _compile(program, spec, path)
    return spec


def make_spec(program, batch, input_names=None, output_names=None):
    """What a torch.export program takes and gives, as the metadata says it: names, dtypes, shapes of a row.

    `batch` is the range (least, largest) that is promised; the program has to be open for it.
    """
    inputs = _renamed(_inputs(program), input_names, "input")
    outputs = _renamed(_outputs(program), output_names, "result")
    _check_batch(_batch_range(program, inputs), batch)
    rows = inputs[0][1].shape[0]
    return {
        "inputs": [_describe(name, value, rows) for name, value in inputs],
        "outputs": [_describe(name, value, rows) for name, value in outputs],
        "batch": {"min": batch[0], "max": batch[1]},
    }


def _as_range(batch):
    """(least, largest) of what a caller gives: such a pair, one number, or None."""
    if batch is None:
        return None
    least, largest = (batch, batch) if isinstance(batch, int) else batch
    if not 1 <= least <= largest:
        raise ExportError(f"a batch of {least} to {largest} rows makes no sense; give 1 <= least <= largest")
    return least, largest


def _widened(program, wanted):
    """The program, exported again for the largest batch where it is open for a range, and that range."""
    inputs = _inputs(program)
    own = _batch_range(program, inputs)
    if own[0] == own[1]:
        _check_batch(own, wanted)
        return program, own
    batch = wanted or (max(own[0], 1), own[1] or max(own[0], DEFAULT_BATCH[1]))
    open_axes = {name: [axis for axis, extent in enumerate(value.shape) if isinstance(extent, torch.SymInt)]
                 for name, value in inputs}
    return _export(program.module(), *program.example_inputs, batch, open_axes), batch


def _export(module, args, kwargs, batch, open_axes=None):
    """Exports a module for a range of batches, or for one.

    The compiler decides by the example what batches are like; one of the largest rules out nothing that is asked for.
    """
    least, largest = batch
    args, kwargs = _with_rows((args, kwargs), largest)
    bound = _bound_arguments(module, args, kwargs)
    rows = torch.export.Dim("batch", min=least, max=largest) if least < largest else None

    def shape_of(name, value):
        if not isinstance(value, torch.Tensor) or rows is None:
            return None
        others = {axis: torch.export.Dim.AUTO for axis in (open_axes or {}).get(name, [])}
        return {**others, 0: rows}

    shapes = {name: pytree.tree_map(functools.partial(shape_of, name), value) for name, value in bound.items()}
    try:
        with torch.no_grad():
            return torch.export.export(module, args, kwargs, dynamic_shapes=shapes)
    except Exception as error:
        raise ExportError(f"the model cannot be exported for batches of {least} to {largest} rows: {_gist(error)}; "
                          "let it take the batch size from its inputs, or fix the batch with one number") from error


def _bound_arguments(module, args, kwargs):
    """The arguments of forward by name."""
    signature = inspect.signature(module.forward)
    try:
        return signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        raise ExportError(f"forward{signature}: {error}; give one input for each argument, in order") from error


def _with_rows(values, rows):
    """The same examples, a tree of tensors and others, with that many rows: their own, over and over."""
    def repeated(value):
        if not isinstance(value, torch.Tensor):
            return value
        if value.dim() == 0 or value.shape[0] == 0:
            raise ExportError(f"an example input of shape {list(value.shape)} has no rows; its first axis is the batch")
        return value[torch.arange(rows, device=value.device) % value.shape[0]]
    return pytree.tree_map(repeated, values)


def _gist(error):
    """What torch's message says, in a line."""
    lines = [line.strip(" -") for line in str(error).splitlines()]
    told = [line for line in lines if "specialized" in line or "not all values" in line.lower()]
    return " ".join(told or lines[:1]).rstrip(".")


def _inputs(program):
    """(name, fake tensor) of each tensor that the program is called with."""
    kind = torch.export.graph_signature.InputKind.USER_INPUT
    names = [spec.arg.name for spec in program.graph_signature.input_specs if spec.kind == kind]
    values = {node.name: node.meta["val"] for node in program.graph.nodes if node.op == "placeholder"}
    found = [(name, values[name]) for name in names if isinstance(values.get(name), torch.Tensor)]
    if not found:
        raise ExportError("the model takes no tensor; dist-infer needs one with a batch axis")
    for name, value in found:
        if _dtype(value) not in INPUT_DTYPES:
            raise ExportError(f"input '{name}' is {_dtype(value)}; data comes as {', '.join(INPUT_DTYPES)}")
        if value.dim() == 0:
            raise ExportError(f"input '{name}' is a single number; every input needs a first axis, the batch")
    return found


def _outputs(program):
    """(name, fake tensor) of each result, flattened as the package gives them."""
    kind = torch.export.graph_signature.OutputKind.USER_OUTPUT
    nodes = next(node for node in program.graph.nodes if node.op == "output").args[0]
    values = [getattr(node, "meta", {}).get("val")
              for node, spec in zip(nodes, program.graph_signature.output_specs) if spec.kind == kind]
    own_names = _result_names(program.call_spec.out_spec)
    for name, value in zip(own_names, values):
        if not isinstance(value, torch.Tensor):
            raise ExportError(f"result '{name}' is no tensor; return tensors only")
    return list(zip(own_names, values))


def _result_names(structure):
    """Names in the style of dist-infer's own: dict keys, or output_0 and so on, joined by "_" where they nest."""
    leaves, _ = pytree.tree_flatten_with_path(pytree.tree_unflatten(range(structure.num_leaves), structure))
    names = []
    for keys, _ in leaves:
        parts = [str(getattr(key, "key", getattr(key, "name", getattr(key, "idx", key)))) for key in keys]
        if not keys or isinstance(keys[0], pytree.SequenceKey):
            parts.insert(0, "output")
        names.append("_".join(parts))
    return names


def _renamed(found, names, what):
    if names is not None:
        if len(names) != len(found):
            own = ", ".join(name for name, _ in found)
            raise ExportError(f"{len(names)} {what} names are given, the model has {len(found)}: {own}")
        found = [(name, value) for name, (_, value) in zip(names, found)]
    for name, _ in found:
        if not name or [other for other, _ in found].count(name) > 1:
            raise ExportError(f"{what} name '{name}' is empty or taken twice; each names a dataset")
    return found


def _batch_range(program, inputs):
    """(least, largest) rows of a batch, as the export found them to be; largest None: any number."""
    sizes = {str(value.shape[0]): value.shape[0] for _, value in inputs}
    if len(sizes) > 1:
        raise ExportError(f"the inputs have different batch axes: {', '.join(sizes)}; export them with one and the "
                          "same Dim for the first axis of each")
    size = next(iter(sizes.values()))
    if not isinstance(size, torch.SymInt):
        return int(size), int(size)
    bounds = program.range_constraints.get(size.node.expr)
    if bounds is None:
        raise ExportError(f"the batch axis is {size}; export the model with a plain Dim for it")
    return int(bounds.lower), int(bounds.upper) if bounds.upper.is_Integer else None


def _check_batch(own, wanted):
    """Whether a program open for the batches `own` keeps the promise `wanted`; None: any range."""
    least, largest = own
    if least == largest and wanted != own:
        raise ExportError(f"the batch axis became fixed: the program takes exactly {least} rows; export it with "
                          "Dim('batch', min=1, max=64) and an example of several rows (an example of one row with "
                          f"Dim.AUTO fixes the axis), or say --batch {least} where that is meant")
    if wanted and (wanted[0] < least or (largest is not None and wanted[1] > largest)):
        raise ExportError(f"the program takes batches of {least} to {largest or 'any number of'} rows, {wanted[0]} to "
                          f"{wanted[1]} are asked for; export it with Dim('batch', min={wanted[0]}, max={wanted[1]})")


def _dtype(value):
    return str(value.dtype).removeprefix("torch.")


def _describe(name, value, rows):
    """An entry of the spec; row_shape is None for a result that is not one row for each input row."""
    by_row = value.dim() > 0 and str(value.shape[0]) == str(rows)
    shape = [-1 if isinstance(extent, torch.SymInt) else int(extent) for extent in value.shape[1:]] if by_row else None
    return {"name": name, "dtype": _dtype(value), "row_shape": shape}


def _compile(program, spec, path):
    """Compiles, tries the package out, and only then puts it in place."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        package = os.path.join(folder, path.name)
        try:
            torch._inductor.aoti_compile_and_package(program, package_path=package, inductor_configs=_settings(spec))
        except Exception as error:
            raise ExportError(f"the model cannot be compiled into {path}: {_gist(error)}") from error
        _try_out(program, spec, package)
        os.replace(package, path)


def _settings(spec):
    settings = {
        "aot_inductor.metadata": {METADATA_KEY: json.dumps(spec), "distinfer.torch": str(torch.__version__)},
        # What the compiler assumes of the batch for speed is no limit of what the package can do.
        "aot_inductor.check_lowerbound": False,
        "aot_inductor.check_upperbound": False,
        # As many threads as dist-infer gives the rank, not as many as this machine has.
        "cpp.dynamic_threads": True,
    }
    known = torch._inductor.config.get_config_copy()  # releases differ: 2.11 has no check_upperbound
    return {key: value for key, value in settings.items() if key in known}


def _try_out(program, spec, path):
    """Runs the package, with its own input checks on, at both ends of the range that the spec promises."""
    with mock.patch.dict(os.environ, AOTI_RUNTIME_CHECK_INPUTS="1"):
        package = torch._inductor.aoti_load_package(path)
        for rows in sorted(set(spec["batch"].values())):
            args, kwargs = _with_rows(program.example_inputs, rows)
            try:
                package(*args, **kwargs)
            except RuntimeError as error:
                raise ExportError(f"the compiled package refuses a batch of {rows} rows, standard error says why; "
                                  "give --batch a narrower range") from error


def _load_source(source, inputs, batch, device):
    """The model that the command line names, and examples for it."""
    file, _, name = source.partition(":")
    if bool(name) != bool(inputs):
        raise ExportError("a module needs --input NAME:DTYPE:SHAPE for each argument of forward; a saved program "
                          "brings its own inputs")
    if not name:
        return _load_program(file), None
    rows = (_as_range(batch) or DEFAULT_BATCH)[1]
    examples = tuple(torch.zeros(rows, *shape, dtype=dtype, device=device) for _, dtype, shape in inputs)
    return _load_module(file, name).to(device), examples


def _load_program(file):
    """The program that torch.export.save wrote."""
    if not zipfile.is_zipfile(file):
        raise ExportError(f"'{file}' is no program; name MODULE.py:NAME, or a file that torch.export.save wrote")
    if any("/aotinductor/" in name for name in zipfile.ZipFile(file).namelist()):
        raise ExportError(f"'{file}' is a compiled package already; export the model that it was made of")
    try:
        return torch.export.load(file)
    except Exception as error:
        raise ExportError(f"'{file}' is no program that torch.export.save wrote: {_gist(error)}") from error


def _load_module(file, name):
    """The nn.Module of that name in a Python file, or what the class or function of that name makes."""
    path = pathlib.Path(file).resolve()
    sys.path.insert(0, str(path.parent))
    specification = importlib.util.spec_from_file_location(path.stem, path)
    if not specification or not path.is_file():
        raise ExportError(f"'{file}' is no Python file; name MODULE.py:NAME")
    sys.modules[path.stem] = source = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(source)
    if not hasattr(source, name):
        raise ExportError(f"'{file}' has no '{name}'")
    found = getattr(source, name)
    module = found() if callable(found) and not isinstance(found, torch.nn.Module) else found
    if not isinstance(module, torch.nn.Module):
        raise ExportError(f"'{name}' in '{file}' gives a {type(module).__name__}, no nn.Module")
    return module


def _parse_input(text):
    """NAME:DTYPE:SHAPE of a row; an empty SHAPE is one number a row."""
    match = re.fullmatch(r"(.+):(\w+):((\d+(,\d+)*)?)", text)
    if not match or match[2] not in INPUT_DTYPES:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME:DTYPE:SHAPE, such as image:float32:1,28,28")
    return match[1], getattr(torch, match[2]), [int(extent) for extent in match[3].split(",") if extent]


def _parse_batch(text):
    """MIN:MAX, or N."""
    if not re.fullmatch(r"\d+(:\d+)?", text):
        raise argparse.ArgumentTypeError(f"'{text}' is neither MIN:MAX nor one number")
    numbers = tuple(map(int, text.split(":")))
    return numbers if len(numbers) == 2 else numbers[0]


def _parse_arguments(words):
    about, _, rest = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(prog="export_model.py", description=about, epilog=rest,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="MODULE.py:NAME, an nn.Module or what makes one, or a torch.export program")
    parser.add_argument("package", metavar="OUT.pt2", help="the package to write")
    parser.add_argument("--input", action="append", default=[], type=_parse_input, metavar="NAME:DTYPE:SHAPE",
                        help="an argument of forward, in order, with the shape of one row: image:float32:1,28,28")
    parser.add_argument("--output", action="append", metavar="NAME",
                        help="name of a result, in order; default: a dict's keys, or output_0 and so on")
    parser.add_argument("--batch", type=_parse_batch, metavar="MIN:MAX|N",
                        help="rows that a batch may have; default: 1:64, or what a program was exported for")
    parser.add_argument("--device", default="cpu", help="where a module will run: cpu (default) or cuda")
    return parser.parse_args(words)


def main(words=None):
    """The command. Returns its exit code."""
    arguments = _parse_arguments(words)
    warnings.filterwarnings("ignore", module="torch|copyreg")  # torch's remarks about its own insides
    torch._logging.set_logs(all=logging.ERROR)
    try:
        model, examples = _load_source(arguments.source, arguments.input, arguments.batch, arguments.device)
        spec = export_model(model, examples, arguments.package, batch=arguments.batch, output_names=arguments.output,
                            input_names=[name for name, _, _ in arguments.input] or None)
    except ExportError as error:
        print(f"export_model: {error}", file=sys.stderr)
        return 1
    print(f"{arguments.package}: {json.dumps(spec)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
