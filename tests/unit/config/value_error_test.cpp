#include "config_fixture.hpp"

namespace distinfer::config
{

namespace
{

/// The error of one key in section run; its value begins in column 8 + the length of the key.
std::string run_error(std::string const& key, std::string const& value)
{
    return error_after_minimal("run:\n  " + key + ": " + value + "\n");
}

std::string input_error(std::string const& input)
{
    return error_of("input: {files: a}\nmodel:\n  path: m\n  inputs:\n    - " + input + "\noutput: {file: o}\n");
}

} // namespace

TEST(ValueErrorTest, UnknownKeySaysWhereAndWhatWasMeant)
{
    EXPECT_EQ(error_after_minimal("run:\n  batch: 1\n  shedule: static\n"),
              "c.yaml:6:3: unknown key 'run.shedule'; did you mean 'schedule'?");
    EXPECT_EQ(error_after_minimal("rum: {}\n"), "c.yaml:4:1: unknown key 'rum'; did you mean 'run'?");
    EXPECT_EQ(input_error("{dataset: /x, dtypes: uint8}"),
              "c.yaml:5:21: unknown key 'model.inputs[0].dtypes'; did you mean 'dtype'?");
    EXPECT_EQ(error_after_minimal("report: {qqqqqqq: 1}\n"),
              "c.yaml:4:10: unknown key 'report.qqqqqqq'; known: dir, trace, html, progress");
}

TEST(ValueErrorTest, KeyOfAnotherSectionIsNamedInFull)
{
    EXPECT_EQ(error_after_minimal("report: {if_exists: fail}\n"),
              "c.yaml:4:10: unknown key 'report.if_exists'; did you mean 'output.if_exists'?");
    EXPECT_EQ(error_after_minimal("batch: 3\n"), "c.yaml:4:1: unknown key 'batch'; did you mean 'run.batch'?");
}

TEST(ValueErrorTest, NumbersThatReadAsOctalElsewhereAreRefused)
{
    EXPECT_EQ(run_error("batch", "010"),
              "c.yaml:5:10: run.batch is '010' (a leading zero can be read as octal); write 10");
    EXPECT_EQ(run_error("batch", "0o10"),
              "c.yaml:5:10: run.batch is '0o10' (numbers are decimal); write it without 0o");
    EXPECT_EQ(run_error("batch", "0x10"),
              "c.yaml:5:10: run.batch is '0x10' (numbers are decimal); write it without 0x");
    EXPECT_EQ(run_error("drain", "05s"),
              "c.yaml:5:10: run.drain is '05s' (a leading zero can be read as octal); write 5s");
    EXPECT_EQ(run_error("window", "064MiB"),
              "c.yaml:5:11: run.window is '064MiB' (a leading zero can be read as octal); write 64MiB");
    EXPECT_EQ(input_error("constant: 007"), "c.yaml:5:17: model.inputs[0].constant is '007' (a leading zero can be "
                                            "read as octal); write 7");
}

TEST(ValueErrorTest, ValuesOfAnotherTypeAreRefused)
{
    EXPECT_EQ(run_error("batch", "many"), "c.yaml:5:10: run.batch is 'many' (expected a whole number or auto)");
    EXPECT_EQ(run_error("batch", "1.5"), "c.yaml:5:10: run.batch is '1.5' (expected a whole number or auto)");
    EXPECT_EQ(run_error("batch", "64 rows"), "c.yaml:5:10: run.batch is '64 rows' (expected a whole number or auto)");
    EXPECT_EQ(run_error("credits", "1e1"), "c.yaml:5:12: run.credits is '1e1' (expected a whole number)");
    EXPECT_EQ(run_error("share_device", "yes"), "c.yaml:5:17: run.share_device is 'yes' (expected true or false)");
    EXPECT_EQ(run_error("drain", "soon"), "c.yaml:5:10: run.drain is 'soon' (expected a time, as 90s, 5m or 1h)");
    EXPECT_EQ(run_error("drain", ".inf"), "c.yaml:5:10: run.drain is '.inf' ('inf' is no unit); known: ms, s, m, h");
    EXPECT_EQ(run_error("stall_timeout", "inf"), "c.yaml:5:18: run.stall_timeout is 'inf' (it must be finite)");
    EXPECT_EQ(run_error("batch", ""), "c.yaml:5:3: run.batch is empty (it has no value); give one, or remove the key");
    EXPECT_EQ(input_error("constant: many"), "c.yaml:5:17: model.inputs[0].constant is 'many' (expected a number)");
}

TEST(ValueErrorTest, ValuesOfAnotherFormAreRefused)
{
    EXPECT_EQ(run_error("batch", "[1, 2]"),
              "c.yaml:5:10: run.batch has the wrong form (expected one value, got a list)");
    EXPECT_EQ(error_after_minimal("run: fast\n"),
              "c.yaml:4:6: run has the wrong form (expected a set of keys, got one value)");
    EXPECT_EQ(input_error("/x"),
              "c.yaml:5:7: model.inputs[0] has the wrong form (expected a set of keys, got one value)");
    EXPECT_EQ(error_of("input: {files: {a: b}}\n"),
              "c.yaml:1:16: input.files has the wrong form (expected a list, got a set of keys)");
    EXPECT_EQ(error_of("- input\n"), "c.yaml:1:1: the config has the wrong form (expected a set of keys, got a list)");
}

TEST(ValueErrorTest, ValuesOutOfRangeAreRefused)
{
    EXPECT_EQ(run_error("batch", "0"), "c.yaml:5:10: run.batch is '0' (it must be at least 1)");
    EXPECT_EQ(run_error("batch", "-3"), "c.yaml:5:10: run.batch is '-3' (it must be at least 1)");
    EXPECT_EQ(run_error("credits", "-1"), "c.yaml:5:12: run.credits is '-1' (it must not be negative)");
    EXPECT_EQ(run_error("drain", "-1s"), "c.yaml:5:10: run.drain is '-1s' (it must not be negative)");
    EXPECT_EQ(run_error("time_limit", "0"), "c.yaml:5:15: run.time_limit is '0' (it must be above 0)");
    EXPECT_EQ(run_error("window", "0MiB"), "c.yaml:5:11: run.window is '0MiB' (it must be at least 1)");
    EXPECT_EQ(run_error("threads", "3000000000"),
              "c.yaml:5:12: run.threads is '3000000000' (it must be at most 2147483647)");
    EXPECT_EQ(run_error("batch", "99999999999999999999"),
              "c.yaml:5:10: run.batch is '99999999999999999999' (it is too large or too small)");
    EXPECT_EQ(run_error("window", "9000000TiB"), "c.yaml:5:11: run.window is '9000000TiB' (it is too large)");
}

TEST(ValueErrorTest, UnknownUnitsAreRefused)
{
    EXPECT_EQ(run_error("window", "64MB"), "c.yaml:5:11: run.window is '64MB' ('MB' is no unit); did you mean 'MiB'?");
    EXPECT_EQ(run_error("window", "64 parsecs"),
              "c.yaml:5:11: run.window is '64 parsecs' ('parsecs' is no unit); known: KiB, MiB, GiB, TiB");
    EXPECT_EQ(run_error("drain", "5 minutes"),
              "c.yaml:5:10: run.drain is '5 minutes' ('minutes' is no unit); known: ms, s, m, h");
}

TEST(ValueErrorTest, UnknownChoicesAreRefused)
{
    EXPECT_EQ(run_error("schedule", "dynamc"),
              "c.yaml:5:13: run.schedule is 'dynamc' (it is none of the choices); did you mean 'dynamic'?");
    EXPECT_EQ(run_error("device", "quantum"),
              "c.yaml:5:11: run.device is 'quantum' (it is none of the choices); known: auto, cpu, cuda");
    EXPECT_EQ(input_error("{dataset: /x, dtype: float31}"), "c.yaml:5:28: model.inputs[0].dtype is 'float31' (it is "
                                                            "none of the choices); did you mean 'float32'?");
}

TEST(ValueErrorTest, TransformsAreChecked)
{
    auto const of = [](std::string const& transform) {
        return error_of("input: {files: a}\nmodel: {path: m, outputs: [{dataset: /y, transform: " + transform +
                        "}]}\noutput: {file: o}\n");
    };
    auto const begin = std::string{"c.yaml:2:53: model.outputs[0].transform is "};
    EXPECT_EQ(of("topk"), begin + "'topk' (how many values to keep is missing); write topk:5 for the 5 largest");
    EXPECT_EQ(of("topk:0"), begin + "'topk:0' (it must be at least 1)");
    EXPECT_EQ(of("topk:x"), begin + "'topk:x' (expected a whole number)");
    EXPECT_EQ(of("sofmax"), begin + "'sofmax' (it is none of the choices); did you mean 'softmax'?");
}

TEST(ValueErrorTest, MissingKeysAreNamedWithWhatTheyBelongTo)
{
    EXPECT_EQ(error_of("model: {path: m}\noutput: {file: o}\n"),
              "c.yaml: input.files is missing (HDF5 or .npy files: a path, a list or a glob; joined along axis 0)");
    EXPECT_EQ(error_of("input: {files: a}\nmodel:\n  grad: none\noutput: {file: o}\n"),
              "c.yaml:3:3: model.path is missing (TorchScript archive or AOTInductor package)");
    EXPECT_EQ(error_of("input: {files: a}\nmodel: {path: m}\noutput: {write: direct}\n"),
              "c.yaml:3:9: output.file is missing (HDF5 file to make)");
    EXPECT_EQ(error_of("input: {files: a}\nmodel: {path: m, outputs: [{dtype: uint8}]}\noutput: {file: o}\n"),
              "c.yaml:2:28: model.outputs[0].dataset is missing (where it is stored; null drops it)");
    EXPECT_EQ(error_of("input: {files: a}\nmodel: {path: ''}\noutput: {file: o}\n"),
              "c.yaml:2:15: model.path is empty (TorchScript archive or AOTInductor package)");
    EXPECT_EQ(error_of("input: {files: []}\nmodel: {path: m}\noutput: {file: o}\n"),
              "c.yaml:1:16: input.files is empty (HDF5 or .npy files: a path, a list or a glob; joined along axis 0)");
}

TEST(ValueErrorTest, AnInputIsADatasetOrAConstant)
{
    EXPECT_EQ(input_error("dtype: uint8"), "c.yaml:5:7: model.inputs[0] has neither dataset nor constant (an input is "
                                           "one of them); add dataset: with the name of an HDF5 dataset");
    EXPECT_EQ(input_error("{dataset: /x, constant: 1}"),
              "c.yaml:5:7: model.inputs[0] has a dataset and a constant (an input is one of them); remove one");
    EXPECT_EQ(
        input_error("{constant: 1, scale: 2}"),
        "c.yaml:5:7: model.inputs[0] is a constant with dtype, scale, mean or std (they are for datasets); write the "
        "constant as the model takes it");
}

TEST(ValueErrorTest, NormalisationIsChecked)
{
    EXPECT_EQ(input_error("{dataset: /x, mean: [1, 2], std: [1]}"),
              "c.yaml:5:27: model.inputs[0].mean and std differ in length (2 and 1 values); give one of each for every "
              "channel");
    EXPECT_EQ(input_error("{dataset: /x, mean: [1, 2], std: [1, 0]}"),
              "c.yaml:5:40: model.inputs[0].std has a 0 (values are divided by it)");
}

TEST(ValueErrorTest, DigestIsChecked)
{
    EXPECT_EQ(error_of("input: {files: a}\nmodel: {path: m, sha256: abc}\noutput: {file: o}\n"),
              "c.yaml:2:26: model.sha256 is 'abc' (a SHA-256 digest is 64 hexadecimal digits); take it from sha256sum");
}

TEST(ValueErrorTest, OnlyVersionOneIsKnown)
{
    EXPECT_EQ(error_of("version: 2\n" + minimal),
              "c.yaml:1:10: version is not 1 (this program knows only version 1 of the config)");
    EXPECT_EQ(error_of("version: one\n" + minimal),
              "c.yaml:1:10: version is not 1 (this program knows only version 1 of the config)");
}

} // namespace distinfer::config
