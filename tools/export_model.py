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
import importlib.util
import inspect
import json
import os
import pathlib
import sys
import warnings

try:
    import torch
    from torch.utils import _pytree as pytree
except ImportError as error:
    sys.exit(f"export_model: Python's torch cannot be imported ({error}); use a Python that has it: "
             "tools/setup --test puts one at .deps/venv/bin/python")

DEFAULT_BATCH = (1, 64)
METADATA_KEY = "distinfer.spec"

# What a dataset can hold, and dist-infer can feed.
INPUT_DTYPES = frozenset(
    "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 bfloat16 float32 float64".split())


class ExportError(Exception):
    """A model that cannot become a package, with the reason and what to do."""


def export_model(model, example_inputs, path, *, input_names=None, output_names=None, batch=None):
    """Compiles a model into the package `path` and returns the spec that was put into its metadata.

    model           an nn.Module, which is set to eval(), or a torch.export.ExportedProgram
    example_inputs  a tuple of tensors, one for each argument of forward, rows first; how many rows they have does not
                    matter. None for an ExportedProgram, which brings its own.
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
    wanted = None if batch is None else _as_range(batch)
    if isinstance(model, torch.export.ExportedProgram):
        program = model
    else:
        wanted = wanted or DEFAULT_BATCH
        program = _export(model, example_inputs, wanted)
    spec = make_spec(program, wanted, input_names, output_names)
    _compile(program, spec, path)
    return spec


def make_spec(program, batch=None, input_names=None, output_names=None):
    """What a torch.export program takes and gives, as the metadata says it: names, dtypes, shapes of a row.

    `batch` is the range (least, largest) that the program has to take; None: whatever it takes, if that is a range.
    """
    inputs = _inputs(program, input_names)
    outputs = _outputs(program, output_names)
    least, largest = _batch_range(program, [value for _, value in inputs], batch)
    rows = inputs[0][1].shape[0]
    for name, value in outputs:
        if value.dim() == 0 or value.shape[0] != rows:
            warnings.warn(f"result '{name}' of shape {list(value.shape)} is not one row for each input row: "
                          "dist-infer can only drop it, with dataset: null in model.outputs", stacklevel=2)
    return {
        "inputs": [_describe(name, value) for name, value in inputs],
        "outputs": [_describe(name, value) for name, value in outputs],
        "batch": {"min": least, "max": largest},
    }


def _as_range(batch):
    least, largest = (batch, batch) if isinstance(batch, int) else batch
    if not 1 <= least <= largest:
        raise ExportError(f"a batch of {least} to {largest} rows makes no sense; give 1 <= least <= largest")
    return least, largest


def _export(module, example_inputs, batch):
    """Exports a module for a range of batches, or for one."""
    least, largest = batch
    # With as many rows as there can be, all that is assumed of the example holds for every smaller batch's upper bound.
    examples = tuple(_with_rows(value, largest) for value in example_inputs)
    shapes = None
    if least < largest:
        rows = torch.export.Dim("batch", min=least, max=largest)
        shapes = tuple({0: rows} if isinstance(value, torch.Tensor) else None for value in examples)
    try:
        with torch.no_grad():
            return torch.export.export(module.eval(), examples, dynamic_shapes=_by_argument(module, shapes))
    except torch._dynamo.exc.UserError as error:
        raise ExportError(f"the model does not take batches of {least} to {largest} rows: {_gist(error)}; let it take "
                          f"its batch size from its inputs, or fix it with batch {largest}") from error


def _by_argument(module, shapes):
    """Shapes for forward's arguments; those of *args go into a tuple of their own, as torch.export wants them."""
    if shapes is None:
        return None
    kinds = [parameter.kind for parameter in inspect.signature(module.forward).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL not in kinds:
        return shapes
    first = kinds.index(inspect.Parameter.VAR_POSITIONAL)
    return (*shapes[:first], shapes[first:])


def _with_rows(value, rows):
    """The same example with that many rows: its own, over and over."""
    if not isinstance(value, torch.Tensor):
        return value
    if value.dim() == 0 or value.shape[0] == 0:
        raise ExportError(f"an example input of shape {list(value.shape)} has no rows; its first axis is the batch")
    return value[torch.arange(rows, device=value.device) % value.shape[0]]


def _gist(error):
    """The lines of torch's message that say what happened."""
    lines = [line.strip(" -") for line in str(error).splitlines()]
    told = [line for line in lines if "specialized" in line or "not all values" in line.lower()]
    return " ".join(told or lines[:1]).rstrip(".")


def _inputs(program, names):
    """(name, fake tensor) of each tensor that the program is called with."""
    kind = torch.export.graph_signature.InputKind.USER_INPUT
    placeholders = {node.name: node.meta["val"] for node in program.graph.nodes if node.op == "placeholder"}
    found = [(spec.arg.name, placeholders[spec.arg.name]) for spec in program.graph_signature.input_specs
             if spec.kind == kind and isinstance(placeholders.get(spec.arg.name), torch.Tensor)]
    if not found:
        raise ExportError("the model takes no tensor; dist-infer needs one with a batch axis")
    found = _renamed(found, names, "input")
    for name, value in found:
        if _dtype(value) not in INPUT_DTYPES:
            raise ExportError(f"input '{name}' is {_dtype(value)}; HDF5 data is fed as one of: "
                              + ", ".join(sorted(INPUT_DTYPES)))
        if value.dim() == 0:
            raise ExportError(f"input '{name}' is a single number; every input needs a first axis, the batch")
    return found


def _outputs(program, names):
    """(name, fake tensor) of each result, flattened as the package gives them."""
    kind = torch.export.graph_signature.OutputKind.USER_OUTPUT
    nodes = next(node for node in program.graph.nodes if node.op == "output").args[0]
    values = [getattr(node, "meta", {}).get("val")
              for node, spec in zip(nodes, program.graph_signature.output_specs) if spec.kind == kind]
    own_names = _result_names(program.call_spec.out_spec)
    for name, value in zip(own_names, values):
        if not isinstance(value, torch.Tensor):
            raise ExportError(f"result '{name}' is no tensor; return tensors only")
    return _renamed(list(zip(own_names, values)), names, "result")


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


def _batch_range(program, values, wanted):
    """(least, largest) rows of a batch, as the export found them to be; largest None: any number."""
    sizes = {str(value.shape[0]): value.shape[0] for value in values}
    if len(sizes) > 1:
        raise ExportError(f"the inputs have different batch axes: {', '.join(sizes)}; export them with one and the "
                          "same Dim for the first axis of each")
    size = next(iter(sizes.values()))
    if not isinstance(size, torch.SymInt):
        return _fixed_batch(int(size), wanted)
    bounds = program.range_constraints.get(size.node.expr)
    if bounds is None:
        raise ExportError(f"the batch axis is {size}; export the model with a plain Dim for it")
    least = int(bounds.lower)
    largest = int(bounds.upper) if bounds.upper.is_Integer and bounds.upper < sys.maxsize else None
    if wanted is None:
        return max(least, 1), largest
    if wanted[0] < least or (largest is not None and wanted[1] > largest):
        raise ExportError(f"the program was exported for batches of {least} to {largest or 'any number of'} rows, "
                          f"{wanted[0]} to {wanted[1]} are asked for; export it with Dim(min={wanted[0]}, "
                          f"max={wanted[1]})")
    return wanted


def _fixed_batch(rows, wanted):
    if wanted == (rows, rows):
        return wanted
    asked = f"{wanted[0]} to {wanted[1]} are asked for" if wanted else "a range was expected"
    raise ExportError(f"the batch axis became fixed: the program takes exactly {rows} rows, {asked}; export it with "
                      f"Dim('batch', min=1, max=64) and an example of several rows (one row with Dim.AUTO fixes the "
                      f"axis), or say --batch {rows} where it is meant")


def _dtype(value):
    return str(value.dtype).removeprefix("torch.")


def _describe(name, value):
    shape = [-1 if isinstance(extent, torch.SymInt) else int(extent) for extent in value.shape[1:]]
    return {"name": name, "dtype": _dtype(value), "row_shape": shape}


def _compile(program, spec, path):
    """Compiles, tries the package out, and only then puts it in place."""
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partial.pt2")
    try:
        torch._inductor.aoti_compile_and_package(program, package_path=str(partial), inductor_configs=_settings(spec))
        _try_out(program, spec, partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _settings(spec):
    settings = {
        "aot_inductor.metadata": {METADATA_KEY: json.dumps(spec)},
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
    before = os.environ.get("AOTI_RUNTIME_CHECK_INPUTS")
    os.environ["AOTI_RUNTIME_CHECK_INPUTS"] = "1"
    try:
        package = torch._inductor.aoti_load_package(str(path))
        args, kwargs = program.example_inputs
        for rows in {spec["batch"]["min"], spec["batch"]["max"] or DEFAULT_BATCH[1]}:
            _run_rows(package, args, kwargs, rows)
    finally:
        if before is None:
            del os.environ["AOTI_RUNTIME_CHECK_INPUTS"]
        else:
            os.environ["AOTI_RUNTIME_CHECK_INPUTS"] = before


def _run_rows(package, args, kwargs, rows):
    args, kwargs = pytree.tree_map(lambda value: _with_rows(value, rows), (args, kwargs))
    try:
        package(*args, **kwargs)
    except RuntimeError as error:
        raise ExportError(f"the compiled package does not take a batch of {rows} rows ({_gist(error)}); export the "
                          f"program again with an example of {rows} rows or more") from error


def _load_source(source, inputs, batch, device):
    """The model that the command line names, and examples for it."""
    file, _, name = source.partition(":")
    if not name:
        if inputs:
            raise ExportError("--input is for modules; a saved program brings its own inputs")
        return _load_program(file), None
    if not inputs:
        raise ExportError("a module needs its inputs: --input NAME:DTYPE:SHAPE for each argument of forward")
    module = _load_module(file, name).to(device)
    rows = _as_range(batch or DEFAULT_BATCH)[1]
    return module, tuple(torch.zeros(rows, *shape, dtype=dtype, device=device) for _, dtype, shape in inputs)


def _load_program(file):
    if not os.path.isfile(file):
        raise ExportError(f"'{file}' is not a file; name MODULE.py:NAME, or a file that torch.export.save wrote")
    try:
        return torch.export.load(file)
    except Exception as error:
        raise ExportError(f"'{file}' is no program that torch.export.save wrote: {_gist(error)}") from error


def _load_module(file, name):
    """The nn.Module of that name in a Python file, or what the class or function of that name makes."""
    path = pathlib.Path(file).resolve()
    if not path.is_file():
        raise ExportError(f"'{file}' is not a file; name MODULE.py:NAME")
    sys.path.insert(0, str(path.parent))
    specification = importlib.util.spec_from_file_location(path.stem, path)
    source = importlib.util.module_from_spec(specification)
    sys.modules[path.stem] = source
    specification.loader.exec_module(source)
    if not hasattr(source, name):
        raise ExportError(f"'{file}' has no '{name}'")
    found = getattr(source, name)
    module = found if isinstance(found, torch.nn.Module) else found()
    if not isinstance(module, torch.nn.Module):
        raise ExportError(f"'{name}' in '{file}' gives a {type(module).__name__}, no nn.Module")
    return module


def _parse_input(text):
    """NAME:DTYPE:SHAPE of a row; an empty SHAPE is one number a row."""
    name, _, rest = text.partition(":")
    dtype, _, shape = rest.partition(":")
    if not name or dtype not in INPUT_DTYPES:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME:DTYPE:SHAPE, such as image:float32:1,28,28")
    try:
        return name, getattr(torch, dtype), [int(extent) for extent in shape.split(",") if extent]
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{shape}' is not the shape of a row, such as 1,28,28") from None


def _parse_batch(text):
    """MIN:MAX, or N."""
    try:
        numbers = [int(number) for number in text.split(":")]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2):
        raise argparse.ArgumentTypeError(f"'{text}' is neither MIN:MAX nor one number")
    return numbers[0] if len(numbers) == 1 else tuple(numbers)


def _parse_arguments(words):
    about, _, rest = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(prog="export_model.py", description=about, epilog=rest,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="MODULE.py:NAME, where NAME is an nn.Module or makes one, or a program saved "
                                       "by torch.export.save")
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
    try:
        model, examples = _load_source(arguments.source, arguments.input, arguments.batch, arguments.device)
        spec = export_model(model, examples, arguments.package, batch=arguments.batch, output_names=arguments.output,
                            input_names=[name for name, _, _ in arguments.input] or None)
    except ExportError as error:
        print(f"export_model: {error}", file=sys.stderr)
        return 1
    print(f"{arguments.package}: {json.dumps(spec, indent=2)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
