#!/usr/bin/env python3
"""Tests of tools/export_model.py up to the compiler, which make_packages.py runs: names, batches, what is refused."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tools")]
sys.dont_write_bytecode = True
try:
    import torch
except ImportError as import_error:
    print(f"skipped: this Python cannot import torch ({import_error}); tools/setup --test installs it")
    sys.exit(77)

import export_model
import net
from export_model import ExportError
from torch.export import Dim


class Returns(torch.nn.Module):
    """Gives what a function makes of x."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def program_of(function, rows, dim, shape=(3,)):
    """A torch.export program of that function, with an example of that many rows."""
    return torch.export.export(Returns(function), (torch.zeros(rows, *shape),), dynamic_shapes=({0: dim},))


class ExportModelTest(unittest.TestCase):
    def setUp(self):
        self.compiler = self.enterContext(mock.patch.object(export_model, "_compile"))
        self.enterContext(contextlib.redirect_stderr(io.StringIO()))

    def spec(self, model, *examples, **options):
        return export_model.export_model(model, examples, "net.pt2", **options)

    def refused(self, words, model, *examples, **options):
        with self.assertRaisesRegex(ExportError, words):
            self.spec(model, *examples, **options)
        self.compiler.assert_not_called()

    def test_names_types_and_shapes_come_from_the_module(self):
        self.assertEqual(self.spec(net.Net(), *net.rows()), {
            "inputs": [{"name": "image", "dtype": "float32", "row_shape": [1, 6, 6]},
                       {"name": "extra", "dtype": "uint8", "row_shape": [5]}],
            "outputs": [{"name": "logits", "dtype": "float32", "row_shape": [7]},
                        {"name": "best", "dtype": "int64", "row_shape": []}],
            "batch": {"min": 1, "max": 64}})

    def test_nested_results_are_named_as_dist_infer_names_them(self):
        def names(function):
            return [output["name"] for output in self.spec(Returns(function), torch.zeros(2, 3))["outputs"]]
        self.assertEqual(names(lambda x: x + 1), ["output"])
        self.assertEqual(names(lambda x: (x + 1, [x + 2])), ["output_0", "output_1_0"])
        self.assertEqual(names(lambda x: {"b": x + 1, "a": (x + 2, x + 3)}), ["b", "a_0", "a_1"])

    def test_given_names_replace_them(self):
        spec = self.spec(net.Net(), *net.rows(), input_names=["a", "b"], output_names=["c", "d"])
        self.assertEqual([entry["name"] for entry in spec["inputs"] + spec["outputs"]], ["a", "b", "c", "d"])
        self.compiler.reset_mock()
        self.refused("1 result names are given, the model has 2: logits, best", net.Net(), *net.rows(),
                     output_names=["c"])
        self.refused("input name 'a' is empty or taken twice", net.Net(), *net.rows(), input_names=["a", "a"])

    def test_a_fixed_batch(self):
        spec = self.spec(Returns(lambda x: x.reshape(4, 3) * 2), torch.zeros(1, 3), batch=4)
        self.assertEqual(spec["batch"], {"min": 4, "max": 4})

    def test_a_result_that_is_not_row_by_row_has_no_row_shape(self):
        spec = self.spec(Returns(lambda x: (x * 2, x.sum(), x.sum(0))), torch.zeros(2, 3))
        self.assertEqual([output["row_shape"] for output in spec["outputs"]], [[3], None, None])

    def test_a_module_that_fixes_its_batch_is_refused(self):
        self.refused("cannot be exported for batches of 1 to 64 rows", Returns(lambda x: x.reshape(4, 3) * 2),
                     torch.zeros(4, 3))
        self.refused("cannot be exported for batches of 1 to 64 rows",
                     Returns(lambda x: x * 2 if x.shape[0] > 20 else x * 3), torch.zeros(4, 3))

    def test_a_program_that_fixed_its_batch_is_refused_unless_it_is_meant(self):
        fixed = program_of(lambda x: x * 2, 1, Dim.AUTO)
        self.refused("takes exactly 1 rows.*say --batch 1", fixed)
        self.refused("takes exactly 1 rows", fixed, batch=(1, 64))
        self.assertEqual(self.spec(fixed, batch=1)["batch"], {"min": 1, "max": 1})

    def test_a_program_keeps_the_range_it_was_exported_for(self):
        program = program_of(lambda x: x * 2, 4, Dim("batch", min=2, max=32))
        self.assertEqual(self.spec(program)["batch"], {"min": 2, "max": 32})
        self.assertEqual(self.spec(program, batch=(2, 8))["batch"], {"min": 2, "max": 8})

    def test_the_example_has_the_rows_of_the_largest_batch(self):
        self.spec(program_of(lambda x: x * 2, 4, Dim.AUTO), batch=(1, 32))
        program = self.compiler.call_args.args[0]
        self.assertEqual(program.example_inputs[0][0].shape, (32, 3))

    def test_other_open_axes_stay_open(self):
        program = torch.export.export(Returns(lambda x: x * 2), (torch.zeros(4, 5, 3),),
                                      dynamic_shapes=({0: Dim("batch", max=8), 1: Dim.AUTO},))
        self.assertEqual(self.spec(program)["inputs"][0]["row_shape"], [-1, 3])

    def test_inputs_that_cannot_be_fed_are_refused(self):
        self.refused("'x' is complex64", Returns(lambda x: x * 2), torch.zeros(2, 3, dtype=torch.complex64))
        self.refused("has no rows", Returns(lambda x: x * 2), torch.zeros(()))
        self.refused("missing a required argument: 'extra'", net.Net(), net.rows()[0])
        self.refused("no tensor; return tensors only", Returns(lambda x: (x * 2, 3)), torch.zeros(2, 3))

    def test_a_package_has_to_be_called_one(self):
        with self.assertRaisesRegex(ExportError, "does not end in .pt2"):
            export_model.export_model(net.Net(), net.rows(), "net.pt")

    def command(self, *words):
        """Exit code and standard error of the command."""
        error = io.StringIO()
        with contextlib.redirect_stderr(error), contextlib.redirect_stdout(io.StringIO()):
            return export_model.main(words), error.getvalue()

    def test_the_command_takes_a_module(self):
        code, _ = self.command(f"{HERE}/net.py:Net", "net.pt2", "--input", "image:float32:1,6,6", "--input",
                               "extra:uint8:5", "--batch", "2:8", "--output", "a", "--output", "b")
        self.assertEqual(code, 0)
        self.assertEqual(self.compiler.call_args.args[1]["batch"], {"min": 2, "max": 8})

    def test_the_command_takes_a_saved_program(self):
        with tempfile.TemporaryDirectory() as folder:
            torch.export.save(program_of(lambda x: x * 2, 4, Dim("batch", max=8)), f"{folder}/saved.pt2")
            self.assertEqual(self.command(f"{folder}/saved.pt2", "net.pt2"), (0, ""))
        self.assertEqual(self.compiler.call_args.args[1]["batch"], {"min": 1, "max": 8})

    def test_the_command_says_what_is_wrong(self):
        for words, message in [((__file__, "net.pt2"), "is no program"),
                               ((f"{HERE}/net.py:Net", "net.pt2"), "a module needs --input"),
                               ((f"{HERE}/net.py:Nix", "net.pt2", "--input", "x:int8:"), "has no 'Nix'"),
                               ((f"{HERE}/net.py:torch", "net.pt2", "--input", "x:int8:"), "gives a module"),
                               (("missing.py:Net", "net.pt2", "--input", "x:int8:"), "is no Python file")]:
            code, error = self.command(*words)
            self.assertEqual((code, message in error), (1, True), error)


if __name__ == "__main__":
    unittest.main()
