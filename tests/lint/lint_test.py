#!/usr/bin/env python3
"""Holds tools/lint to what it must find: each test breaks one rule in a small tree that is clean without it.

  tests/lint/lint_test.py tools/lint
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

LINT = os.path.abspath(sys.argv.pop(1))
QUICK = ["words", "scripts", "sizes", "layers"]  # the checks that need no compiler

CLEAN = {
    "src/core/CMakeLists.txt": "distinfer_layer(core\n    SOURCES log.cpp\n    PRIVATE spdlog::spdlog\n)\n",
    "src/core/log.cpp": '#include "distinfer/core/log.hpp"\n\n#include <spdlog/spdlog.h>\n',
    "include/distinfer/core/log.hpp": "#pragma once\n",
    "src/plan/CMakeLists.txt": "distinfer_layer(plan\n    SOURCES grid.cpp\n    LAYERS core\n)\n",
    "src/plan/grid.cpp": '#include "distinfer/plan/grid.hpp"\n\n#include "distinfer/core/log.hpp"\n#include "cut.hpp"\n',
    "src/plan/cut.hpp": "#pragma once\n",
    "include/distinfer/plan/grid.hpp": "#pragma once\n\n#include <vector>\n",
    "src/comm/CMakeLists.txt": "distinfer_layer(comm\n    SOURCES mpi.cpp\n    LAYERS core\n)\n",
    "src/comm/mpi.cpp": "#include <mpi.h>\n",
    "tests/unit/plan/cut_test.cpp": '#include "cut.hpp"\n#include "distinfer/plan/grid.hpp"\n\n#include <gtest/gtest.h>\n',
    "tools/build": "#!/usr/bin/env bash\nsay() {\n    echo \"$1\"\n}\nsay hello\n",
}


def function(lines, head="int f()"):
    """A function of so many lines, from its signature to its closing brace."""
    return head + "\n{\n" + "    g();\n" * (lines - 3) + "}\n"


def write_tree(root, texts):
    for name, text in texts.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    subprocess.run(["git", "init", "-q", root], check=True)


def write_database(root, sources):
    """What CMake leaves in build/release: younger than all that CMake reads."""
    entries = [{"directory": root, "file": os.path.join(root, name), "command": f"c++ -c {name}"} for name in sources]
    write_tree(root, {".gitignore": "/build/\n/.cache/\n", "build/release/compile_commands.json": json.dumps(entries),
                      "build/release/build.ninja": ""})


def lint(root, *words):
    return subprocess.run([LINT, "--root", root, *words], capture_output=True, text=True)


class LintTest(unittest.TestCase):
    def lint(self, changes, *checks):
        with tempfile.TemporaryDirectory() as root:
            write_tree(root, CLEAN | changes)
            return lint(root, *(checks or QUICK))

    def assert_clean(self, changes):
        done = self.lint(changes)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def assert_finds(self, changes, place, what):
        done = self.lint(changes)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        findings = [line.strip() for line in done.stdout.splitlines() if not line.startswith("lint: ")]
        self.assertEqual(len(findings), 1, findings)
        self.assertTrue(findings[0].startswith(place + ": "), findings)
        self.assertIn(what, findings[0])

    def test_a_clean_tree_passes(self):
        self.assert_clean({})

    def test_says_for_each_check_what_it_did_and_how_it_ended(self):
        done = self.lint({"src/plan/cut.hpp": "#pragma once\t\n"})
        lines = [line.split(": ") for line in done.stdout.splitlines() if line.startswith("lint: ")]
        self.assertEqual([(words[1], words[-1].split(" (")[0]) for words in lines],
                         [("words", "2 found"), ("scripts", "ok"), ("sizes", "ok"), ("layers", "ok")])

    # layers

    def test_an_upward_include(self):
        self.assert_finds({"src/core/log.cpp": '#include "distinfer/plan/grid.hpp"\n'}, "src/core/log.cpp:1",
                          "core does not see plan")

    def test_an_upward_include_in_a_header(self):
        self.assert_finds({"include/distinfer/core/log.hpp": '#pragma once\n\n#include "distinfer/plan/grid.hpp"\n'},
                          "include/distinfer/core/log.hpp:3", "core does not see plan")

    def test_a_layer_beside(self):
        changes = {"include/distinfer/comm/session.hpp": "#pragma once\n",
                   "src/plan/grid.cpp": '#include "distinfer/comm/session.hpp"\n'}
        self.assert_finds(changes, "src/plan/grid.cpp:1", "plan does not see comm")

    def test_mpi_in_the_wrong_layer(self):
        self.assert_finds({"src/plan/grid.cpp": "#include <mpi.h>\n"}, "src/plan/grid.cpp:1", "only for comm")

    def test_a_foreign_header_in_a_public_one(self):
        self.assert_finds({"include/distinfer/comm/session.hpp": "#pragma once\n\n#include <mpi.h>\n"},
                          "include/distinfer/comm/session.hpp:3", "in a public header")

    def test_a_library_that_the_table_does_not_know(self):
        self.assert_finds({"src/plan/grid.cpp": "#include <curl/curl.h>\n"}, "src/plan/grid.cpp:1", "no library")

    def test_a_header_that_is_not_there(self):
        self.assert_finds({"src/plan/grid.cpp": '#include "distinfer/core/gone.hpp"\n'}, "src/plan/grid.cpp:1", "there is no")

    def test_a_private_header_of_another_layer(self):
        self.assert_finds({"src/comm/mpi.cpp": '#include "../plan/cut.hpp"\n'}, "src/comm/mpi.cpp:1", "no header of this layer")
        self.assert_finds({"tests/unit/comm/x_test.cpp": '#include "cut.hpp"\n'}, "tests/unit/comm/x_test.cpp:1",
                          "private to src/plan/cut.hpp")
        self.assert_finds({"bench/x.cpp": '#include "../src/plan/cut.hpp"\n'}, "bench/x.cpp:1", "private to src/plan/cut.hpp")

    def test_tests_see_every_layer_and_library(self):
        self.assert_clean({"tests/unit/core/x_test.cpp": '#include "distinfer/plan/grid.hpp"\n\n#include <mpi.h>\n'})

    def test_cmake_links_more_than_the_table_allows(self):
        self.assert_finds({"src/comm/CMakeLists.txt": "distinfer_layer(comm\n    SOURCES mpi.cpp\n    LAYERS core plan\n)\n"},
                          "src/comm/CMakeLists.txt:1", "comm sees plan by CMake, not by layers.txt")

    def test_cmake_links_less_than_the_table_allows(self):
        self.assert_finds({"src/plan/CMakeLists.txt": "\ndistinfer_layer(plan\n    SOURCES grid.cpp\n)\n"},
                          "src/plan/CMakeLists.txt:2", "plan sees core by layers.txt, not by CMake")

    def test_a_layer_that_the_table_does_not_know(self):
        self.assert_finds({"src/extra/CMakeLists.txt": "distinfer_layer(extra)\n"}, "src/extra/CMakeLists.txt:1", "layer extra")

    def test_two_layers_in_one_folder(self):
        cmake = ("distinfer_layer(host\n    SOURCES host.cpp\n    LAYERS core\n)\n"
                 "distinfer_layer(device\n    SOURCES device.cpp\n    LAYERS core host\n)\n")
        changes = {"src/device/CMakeLists.txt": cmake, "include/distinfer/device/device.hpp": "#pragma once\n",
                   "src/device/device.cpp": "", "src/device/host.cpp": '#include "distinfer/device/device.hpp"\n'}
        self.assert_finds(changes, "src/device/host.cpp:1", "host does not see device")

    def test_a_source_that_is_not_built(self):
        self.assert_finds({"src/plan/lost.cpp": ""}, "src/plan/lost.cpp:1", "no CMakeLists.txt")

    # sizes

    def test_a_function_of_51_lines(self):
        self.assert_clean({"src/plan/grid.cpp": function(50)})
        self.assert_finds({"src/plan/grid.cpp": "int a;\n\n" + function(51)}, "src/plan/grid.cpp:3", "a function of 51 lines")

    def test_long_functions_of_every_form(self):
        for head in ("template <class T>\nclass A\n{\n  public:\n{}\n}};", "namespace a\n{{\n\n{}\n}}"):
            inner = function(51, "void f(int a,\n       int b) const")
            text = head.replace("{}\n", inner).replace("{{", "{").replace("}}", "}") + "\n"
            line = text[:text.index("void f")].count("\n") + 1
            self.assert_finds({"src/plan/grid.cpp": text}, f"src/plan/grid.cpp:{line}", "a function of 52 lines")
        self.assert_finds({"src/plan/grid.cpp": function(51, "A::A()\n    : a_(1)")}, "src/plan/grid.cpp:1", "52 lines")
        self.assert_finds({"src/plan/grid.cpp": function(51, "TEST(A, B)")}, "src/plan/grid.cpp:1", "51 lines")
        self.assert_finds({"tools/x.py": "def f():\n" + "    g()\n" * 50}, "tools/x.py:1", "51 lines")
        self.assert_finds({"tools/build": "#!/bin/bash\nf() {\n" + "    g\n" * 49 + "}\n"}, "tools/build:2", "51 lines")

    def test_a_brace_in_a_raw_string_ends_no_function(self):
        text = 'int f()\n{\n    g(R"(\n}\n)");\n' + "    g();\n" * 45 + "}\n"
        self.assert_finds({"src/plan/grid.cpp": text}, "src/plan/grid.cpp:1", "51 lines")

    def test_a_long_class_of_short_functions(self):
        body = "".join(f"    int f{i}(int a)\n    {{\n        return a;\n    }}\n\n" for i in range(20))
        self.assert_clean({"src/plan/grid.cpp": "class A : public B\n{\n  public:\n" + body + "};\n"})

    def test_a_file_of_401_lines(self):
        self.assert_clean({"src/plan/grid.cpp": "int a;\n" * 400})
        self.assert_finds({"src/plan/grid.cpp": "int a;\n" * 401}, "src/plan/grid.cpp:1", "401 lines")

    def test_the_median_file(self):
        done = self.lint({name: "// x\n" * 101 for name in CLEAN if name.endswith(("hpp", "cpp"))}, "sizes")
        self.assertIn("the median file has 101 lines; the limit is 100", done.stdout)

    # what needs a compiler, or clang

    def test_a_header_that_does_not_compile_alone(self):
        done = self.lint({"include/distinfer/plan/grid.hpp": "#pragma once\n\nstd::string name();\n"}, "headers")
        self.assertIn("  include/distinfer/plan/grid.hpp:1: does not compile alone", done.stdout)
        self.assertEqual(done.returncode, 1)

    @unittest.skipUnless(shutil.which("clang-format"), "clang-format is not installed")
    def test_a_form_that_is_not_ours(self):
        changes = {".clang-format": "BasedOnStyle: LLVM\n", "src/plan/grid.cpp": "int a;\nint  b;\n"}
        done = self.lint(changes, "format")
        self.assertIn("  src/plan/grid.cpp:2: not as clang-format writes it", done.stdout)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.lint(changes, "--fix", "format").returncode, 0)

    @unittest.skipUnless(shutil.which("clang-tidy"), "clang-tidy is not installed")
    def test_clang_tidy_runs_on_what_changed(self):
        clean = {".clang-tidy": "Checks: '-*,readability-identifier-naming'\nWarningsAsErrors: '*'\n"
                                "CheckOptions:\n  - {key: readability-identifier-naming.VariableCase, value: lower_case}\n",
                 "src/plan/grid.cpp": '#include "cut.hpp"\n', "src/comm/mpi.cpp": "int b;\n"}
        with tempfile.TemporaryDirectory() as root:
            write_tree(root, CLEAN | clean)
            write_database(root, ["src/plan/grid.cpp", "src/comm/mpi.cpp"])
            self.assertIn("clang-tidy of 2 changed files of 2: ok", lint(root, "tidy").stdout)
            self.assertIn("clang-tidy of 0 changed files of 2: ok", lint(root, "tidy").stdout)
            write_tree(root, {"src/plan/cut.hpp": "#pragma once\n\nextern int a;\n"})
            self.assertIn("clang-tidy of 1 changed files of 2: ok", lint(root, "tidy").stdout)
            write_tree(root, {"src/plan/grid.cpp": "\nint Bad;\n"})
            for _ in range(2):  # what was found is found again
                done = lint(root, "tidy")
                self.assertEqual(done.returncode, 1)
                self.assertIn("  src/plan/grid.cpp:2: invalid case style", done.stdout)
            write_tree(root, {"src/plan/.clang-tidy": "Checks: '-*,misc-misplaced-const'\n"})
            self.assertIn("clang-tidy of 2 changed files of 2: ok", lint(root, "tidy").stdout)

    # words and scripts

    def test_words_that_stay_out(self):
        word, note = "/ro" + "ot/x", "TO" + "DO"
        for text, what in [(f"// see {word}", "path of one machine"), ("// https://py" + "pi.org/simple", "host of downloads"),
                           (f"// {note}: later", "without its issue"), ("int\ta;", "a tab"), ("int a; ", "blanks at the end"),
                           ("int a;\r", "CR LF")]:
            done = self.lint({"src/plan/grid.cpp": f"// first\n{text}\n"}, "words")
            self.assertEqual(done.returncode, 1, text)
            self.assertIn(what, done.stdout)
        self.assert_clean({"src/plan/grid.cpp": f"// {note}(#12): later\n// a{word} b/{word[1:]}\n"})

    def test_a_large_file(self):
        self.assert_finds({"docs/x.bin": "\0" * 1_000_001}, "docs/x.bin:1", "1000001 bytes")

    def test_scripts_that_do_not_parse(self):
        self.assert_finds({"tools/build": "#!/usr/bin/env bash\nif true; then\n"}, "tools/build:3", "syntax error")
        self.assert_finds({"tools/x.py": "\ndef f(:\n"}, "tools/x.py:2", "invalid syntax")

    def test_an_ignored_file_is_not_looked_at(self):
        self.assert_clean({".gitignore": "/build/\n", "build/x.cpp": "\t\n"})

    def test_an_unknown_check(self):
        self.assertEqual(self.lint({}, "form").returncode, 2)


if __name__ == "__main__":
    unittest.main()
