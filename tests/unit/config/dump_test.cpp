#include "config_fixture.hpp"

#include <fstream>
#include <sstream>

namespace distinfer::config
{

namespace
{

std::string contents(std::string const& path)
{
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
}

std::string const configs = DISTINFER_CONFIGS;

} // namespace

TEST(DumpTest, WhatIsDumpedLoadsAsTheSame)
{
    for (auto const& text :
         {minimal, contents(configs + "/full.yaml"), contents(configs + "/minimal.yaml"),
          minimal +
              "run: {batch: auto, window: 1000001, stall_timeout: 90s, time_limit: auto, drain: 0.1, threads: 2}\n",
          minimal + "run: {time_limit: 1h, commit_interval: 1e-7}\nreport: {progress: off, dir: r}\n"}) {
        auto const config = load(text);
        EXPECT_EQ(load(dump(config)), config) << dump(config);
    }
}

TEST(DumpTest, EveryKindOfInputAndOutputComesBack)
{
    auto config = load(minimal);
    config.model.inputs = {
        {.dataset = "/x", .dtype = DType::boolean, .scale = 1.0 / 255, .mean = {0.1, 1e300}, .std = {-1, 3}},
        {.dataset = "", .constant = std::int64_t{INT64_MIN}},
        {.dataset = "", .constant = 3.0},
        {.dataset = "", .constant = 1e22},
        {.dataset = "", .constant = false}};
    config.model.outputs = {{.dataset = std::nullopt},
                            {.dataset = "null", .transform = {TransformKind::topk, 3}, .dtype = DType::int64},
                            {.dataset = "/p", .transform = {TransformKind::softmax, 0}}};
    EXPECT_EQ(load(dump(config)), config) << dump(config);
}

TEST(DumpTest, AnyTextComesBack)
{
    for (std::string const text : {"a: b",
                                   "# c",
                                   "*x",
                                   "&x",
                                   "- a",
                                   "[a]",
                                   "{a}",
                                   "null",
                                   "~",
                                   "true",
                                   "010",
                                   "a\"b\\c",
                                   "$HOME",
                                   "${X}",
                                   "$$",
                                   " padded ",
                                   "two\nlines\t\x01\x7f",
                                   "h\xc3\xa4user",
                                   "latin-\xe4",
                                   "'",
                                   "%d",
                                   "@x",
                                   "!t",
                                   "a,b",
                                   "auto"}) {
        auto config = load(minimal);
        config.output.file = text;
        config.input.files = {text, text};
        EXPECT_EQ(load(dump(config)), config) << dump(config);
    }
}

TEST(DumpTest, NumbersAreWrittenAsPeopleWriteThem)
{
    auto const text = dump(load(minimal));
    EXPECT_NE(text.find("\n  window: 8MiB\n"), std::string::npos) << text;
    EXPECT_NE(text.find("\n  drain: 60s\n"), std::string::npos) << text;
    EXPECT_NE(text.find("\n  batch: 64\n"), std::string::npos) << text;
}

TEST(DumpTest, FullConfigIsTheDumpOfDefaults)
{
    EXPECT_EQ(contents(configs + "/full.yaml"), dump_default());
}

TEST(DumpTest, FullConfigHoldsTheDefaultOfEveryKey)
{
    auto config = load(contents(configs + "/full.yaml"));
    EXPECT_EQ(config.model.inputs, (std::vector<ModelInputConfig>{{.dataset = "/images"}}));
    EXPECT_EQ(config.model.outputs, (std::vector<ModelOutputConfig>{{.dataset = "/logits"}}));
    config.input.files.clear();
    config.model.path.clear();
    config.model.inputs.clear();
    config.model.outputs.clear();
    config.output.file.clear();
    EXPECT_EQ(config, Config{});
}

TEST(DumpTest, MinimalConfigLoads)
{
    EXPECT_NO_THROW(load_file(configs + "/minimal.yaml", {}, {}));
}

} // namespace distinfer::config
