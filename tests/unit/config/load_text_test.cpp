#include "config_fixture.hpp"

namespace distinfer::config
{

namespace
{

std::string const every_kind = R"(
input:
  files: [a.h5, "b*.h5"]
  read: direct
  allow_external: true
model:
  path: m.pt
  precision: bfloat16
  grad: enabled
  inputs:
    - {dataset: /image, dtype: uint8, scale: 0.5, mean: [0.5, 1], std: [2, -3e-1]}
    - constant: 16000
    - constant: 2.0
    - constant: true
  outputs:
    - {dataset: /p, transform: topk:5, dtype: float16}
    - dataset: null
output: {file: o.h5, write: direct, passthrough: [/label, /id], if_exists: overwrite}
run: {batch: auto, schedule: static, threads: 3, credits: 0, resume: require, on_bad_row: skip, device: cuda}
report: {progress: off, html: true}
)";

} // namespace

TEST(LoadTextTest, WhatIsNotSaidKeepsItsDefault)
{
    Config expected;
    expected.input.files = {"data.h5"};
    expected.model.path = "model.pt2";
    expected.model.inputs = {{.dataset = "/x"}};
    expected.output.file = "out.h5";
    EXPECT_EQ(load(minimal), expected);
    EXPECT_EQ(load("version: 1\n" + minimal), expected);
    EXPECT_EQ(load(minimal + "run:\n  # batch: 3\nreport:\n"), expected) << "sections that say nothing";
}

TEST(LoadTextTest, ReadsEveryKindOfValue)
{
    auto const config = load(every_kind);
    EXPECT_EQ(config.input.files, (std::vector<std::string>{"a.h5", "b*.h5"}));
    EXPECT_EQ(config.input.read, ReadMode::direct);
    EXPECT_TRUE(config.input.allow_external);
    EXPECT_EQ(config.model.precision, Precision::bfloat16);
    EXPECT_EQ(config.model.grad, Grad::enabled);
    ModelInputConfig const image{
        .dataset = "/image", .dtype = DType::uint8, .scale = 0.5, .mean = {0.5, 1}, .std = {2, -0.3}};
    ASSERT_EQ(config.model.inputs.size(), 4U);
    EXPECT_EQ(config.model.inputs[0], image);
    EXPECT_EQ(config.model.inputs[1].constant, ModelInputConfig::Constant{std::int64_t{16000}});
    EXPECT_EQ(config.model.inputs[2].constant, ModelInputConfig::Constant{2.0});
    EXPECT_EQ(config.model.inputs[3].constant, ModelInputConfig::Constant{true});
    ModelOutputConfig const probabilities{
        .dataset = "/p", .transform = {TransformKind::topk, 5}, .dtype = DType::float16};
    EXPECT_EQ(config.model.outputs, (std::vector<ModelOutputConfig>{probabilities, {}}));
    EXPECT_EQ(config.output.write, WriteMode::direct);
    EXPECT_EQ(config.output.passthrough, (std::vector<std::string>{"/label", "/id"}));
    EXPECT_EQ(config.output.if_exists, IfExists::overwrite);
    EXPECT_EQ(config.run.batch, std::nullopt);
    EXPECT_EQ(config.run.schedule, Schedule::static_);
    EXPECT_EQ(config.run.threads, 3);
    EXPECT_EQ(config.run.credits, 0);
    EXPECT_EQ(config.run.resume, Resume::require);
    EXPECT_EQ(config.run.on_bad_row, OnBadRow::skip);
    EXPECT_EQ(config.run.device, DeviceChoice::cuda);
    EXPECT_EQ(config.report.progress, Progress::off);
    EXPECT_TRUE(config.report.html);
}

TEST(LoadTextTest, OutputsAndInputsMayBeLeftToTheModel)
{
    auto const config = load("input: {files: a.h5}\nmodel: {path: m.pt}\noutput: {file: o.h5}\n");
    EXPECT_TRUE(config.model.inputs.empty());
    EXPECT_TRUE(config.model.outputs.empty());
}

TEST(LoadTextTest, SizesTakeBinarySuffixes)
{
    auto const window = [](std::string const& text) {
        return load(minimal + "run: {window: " + text + "}\n").run.window;
    };
    EXPECT_EQ(window("1000"), 1000U);
    EXPECT_EQ(window("3KiB"), 3U << 10);
    EXPECT_EQ(window("64 MiB"), 64U << 20);
    EXPECT_EQ(window("2GiB"), 2ULL << 30);
    EXPECT_EQ(window("1TiB"), 1ULL << 40);
}

TEST(LoadTextTest, TimesTakeSuffixesAndAreSecondsWithoutOne)
{
    auto const drain = [](std::string const& text) { return load(minimal + "run: {drain: " + text + "}\n").run.drain; };
    EXPECT_EQ(drain("90"), 90.0);
    EXPECT_EQ(drain("0"), 0.0);
    EXPECT_EQ(drain("250ms"), 0.25);
    EXPECT_EQ(drain("1.5s"), 1.5);
    EXPECT_EQ(drain("2m"), 120.0);
    EXPECT_EQ(drain("1 h"), 3600.0);
}

TEST(LoadTextTest, TimeLimitIsNoneTheJobsEndOrATime)
{
    auto const limit = [](std::string const& text) {
        return load(minimal + "run: {time_limit: " + text + "}\n").run.time_limit;
    };
    EXPECT_EQ(limit("none"), TimeLimit{});
    EXPECT_EQ(limit("auto"), (TimeLimit{TimeLimit::Kind::automatic, 0}));
    EXPECT_EQ(limit("2h"), (TimeLimit{TimeLimit::Kind::seconds, 7200}));
}

TEST(LoadTextTest, PathsAreTakenFromTheBaseFolder)
{
    auto const config = load_text("input: {files: [a.h5, ./b*.h5, /abs/c.h5], plugin_path: plugins}\n"
                                  "model: {path: ../m.pt, method: run}\n"
                                  "output: {file: o.h5}\n",
                                  "jobs/c.yaml", "jobs");
    EXPECT_EQ(config.input.files, (std::vector<std::string>{"jobs/a.h5", "jobs/b*.h5", "/abs/c.h5"}));
    EXPECT_EQ(config.input.plugin_path, "jobs/plugins");
    EXPECT_EQ(config.model.path, "jobs/../m.pt");
    EXPECT_EQ(config.output.file, "jobs/o.h5");
    EXPECT_EQ(config.model.method, "run") << "no path";
    EXPECT_EQ(config.report.dir, "") << "stays beside the output";
}

TEST(LoadTextTest, DigestIsComparedInLowerCase)
{
    auto const digest = std::string(32, 'A') + std::string(32, '0');
    auto const config = load("input: {files: a}\nmodel: {path: m, sha256: " + digest + "}\noutput: {file: o}\n");
    EXPECT_EQ(config.model.sha256, std::string(32, 'a') + std::string(32, '0'));
}

TEST(LoadTextTest, AWordOfYamlIsATextWhereATextIsWanted)
{
    auto const config = load("input: {files: 'null'}\nmodel: {path: 2024}\noutput: {file: 'true'}\n");
    EXPECT_EQ(config.input.files, std::vector<std::string>{"null"});
    EXPECT_EQ(config.model.path, "2024");
    EXPECT_EQ(config.output.file, "true");
}

} // namespace distinfer::config
