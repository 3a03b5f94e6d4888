#include "config_fixture.hpp"
#include "distinfer/config/cli.hpp"
#include "distinfer/config/keys.hpp"

namespace distinfer::config
{

namespace
{

Action parse(std::vector<char const*> words)
{
    words.insert(words.begin(), "dist-infer");
    return parse_cli(static_cast<int>(words.size()), words.data());
}

std::string parse_error(std::vector<char const*> words)
{
    return message_of([&] { parse(std::move(words)); });
}

constexpr auto usage = "usage: dist-infer CONFIG [--set key=value]... (dist-infer --help tells more)";

} // namespace

TEST(CliTest, ConfigAloneIsARun)
{
    auto const action = parse({"job.yaml"});
    EXPECT_TRUE(action.runs_job());
    EXPECT_EQ(action.config_path, "job.yaml");
    EXPECT_TRUE(action.overrides.sets.empty());
    EXPECT_TRUE(action.overrides.flags.empty());
}

TEST(CliTest, RetryingBadRowsIsAskedForByEachStart)
{
    EXPECT_FALSE(parse({"c.yaml"}).retry_bad);
    EXPECT_TRUE(parse({"c.yaml", "--retry-bad"}).retry_bad);
    EXPECT_FALSE(parse({"c.yaml", "--retry-bad=false"}).retry_bad);
    EXPECT_EQ(parse_error({"c.yaml", "--retry-bat"}), "unknown option --retry-bat; did you mean '--retry-bad'?");
}

TEST(CliTest, SetsKeepTheirOrderAndTheirCommas)
{
    auto const action = parse({"--set", "input.files=[a,b]", "job.yaml", "--set=run.batch=1", "--set", "run.batch=2"});
    EXPECT_EQ(action.overrides.sets, (std::vector<std::string>{"input.files=[a,b]", "run.batch=1", "run.batch=2"}));
    EXPECT_EQ(action.config_path, "job.yaml");
}

TEST(CliTest, FlagsAreKeysOfTheConfig)
{
    auto const action = parse({"c.yaml", "--batch", "32", "--threads=4", "--device", "cpu", "--schedule", "static",
                               "--output", "o.h5", "--if-exists", "overwrite", "--no-progress"});
    std::vector<std::pair<std::string, std::string>> const expected{
        {"run.batch", "32"},        {"run.threads", "4"},    {"run.device", "cpu"},
        {"run.schedule", "static"}, {"output.file", "o.h5"}, {"output.if_exists", "overwrite"},
        {"report.progress", "off"}};
    EXPECT_EQ(action.overrides.flags, expected);
}

TEST(CliTest, ValuesMayBeginWithADash)
{
    EXPECT_EQ(parse({"c.yaml", "--batch", "-5"}).overrides.flags.front().second, "-5");
}

TEST(CliTest, PrintingNeedsNoConfig)
{
    EXPECT_EQ(parse({"--help"}).kind, Action::Kind::help);
    EXPECT_EQ(parse({"c.yaml", "--help"}).kind, Action::Kind::help);
    EXPECT_EQ(parse({"--version"}).kind, Action::Kind::version);
    EXPECT_EQ(parse({"version"}).kind, Action::Kind::version);
    EXPECT_EQ(parse({"version", "--json"}).kind, Action::Kind::version_json);
    EXPECT_EQ(parse({"--dump-default"}).kind, Action::Kind::dump_default);
    EXPECT_FALSE(parse({"--help"}).runs_job());
}

TEST(CliTest, AFileNamedLikeACommandIsReachedByItsPath)
{
    EXPECT_EQ(parse({"./version"}).config_path, "./version");
}

TEST(CliTest, UnknownOptionsAreErrorsWithASuggestion)
{
    EXPECT_EQ(parse_error({"c.yaml", "--bacth", "3"}), "unknown option --bacth; did you mean '--batch'?");
    EXPECT_EQ(parse_error({"c.yaml", "--bacth=3"}), "unknown option --bacth; did you mean '--batch'?");
    EXPECT_EQ(parse_error({"c.yaml", "-batch", "3"}), "unknown option -batch; did you mean '--batch'?");
    EXPECT_EQ(parse_error({"c.yaml", "--quantum-mode"}), std::string{"unknown option --quantum-mode; "} + usage);
    EXPECT_EQ(parse_error({"--1x", "c.yaml"}), std::string{"unknown option --1x; "} + usage);
    EXPECT_EQ(parse_error({"version", "--jsn"}), "unknown option --jsn; did you mean '--json'?");
}

TEST(CliTest, MissingConfigShowsTheUsage)
{
    EXPECT_EQ(parse_error({}), std::string{"no config is given; "} + usage);
    EXPECT_EQ(parse_error({"--batch", "3"}), std::string{"no config is given; "} + usage);
}

TEST(CliTest, OneConfigIsTaken)
{
    EXPECT_EQ(parse_error({"a.yaml", "b.yaml"}),
              std::string{"unexpected argument 'b.yaml' (one config is run at a time); "} + usage);
    EXPECT_EQ(parse_error({"--", "a.yaml", "b.yaml"}),
              std::string{"unexpected argument 'b.yaml' (one config is run at a time); "} + usage);
}

TEST(CliTest, OptionWithoutItsValueIsAnError)
{
    EXPECT_EQ(parse_error({"c.yaml", "--batch"}).find("the command line cannot be read ("), 0U);
}

TEST(CliTest, HelpNamesEveryOptionAndItsKey)
{
    auto const text = help_text();
    for (auto const* const word : {"--set", "--batch", "--threads", "--device", "--schedule", "--output", "--if-exists",
                                   "--no-progress", "--retry-bad", "--help", "--version", "--dump-default",
                                   "version [--json]", "run.batch", "dynamic | static", "75 interrupted"})
        EXPECT_NE(text.find(word), std::string::npos) << word;
}

TEST(CliTest, EveryKeyIsExplained)
{
    for (auto const& key : keys()) EXPECT_FALSE(doc_of(key).empty()) << key;
}

} // namespace distinfer::config
