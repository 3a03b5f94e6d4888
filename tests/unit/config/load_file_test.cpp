#include "config_fixture.hpp"
#include "distinfer/config/keys.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace distinfer::config
{

using LoadFileTest = FolderTest;

TEST_F(LoadFileTest, LaterLayersWin)
{
    auto const path = write("c.yaml", minimal + "run: {batch: 1, threads: 1, credits: 1, window: 1, drain: 1}\n");
    Environment const environment{
        {{"DIST_INFER_RUN_THREADS", "2"}, {"DIST_INFER_RUN_CREDITS", "2"}, {"DIST_INFER_RUN_WINDOW", "2"}}};
    Overrides const overrides{.sets = {"run.credits=3", "run.window=3"}, .flags = {{"run.window", "4"}}};
    auto const loaded = load_file(path, overrides, environment);
    EXPECT_EQ(loaded.config.run.batch, 1U);
    EXPECT_EQ(loaded.config.run.threads, 2);
    EXPECT_EQ(loaded.config.run.credits, 3);
    EXPECT_EQ(loaded.config.run.window, 4U);
    EXPECT_EQ(loaded.config.run.schedule, Schedule::dynamic);
    EXPECT_EQ(loaded.origins.at("run.batch"), path + ":4:14");
    EXPECT_EQ(loaded.origins.at("run.threads"), "environment DIST_INFER_RUN_THREADS");
    EXPECT_EQ(loaded.origins.at("run.credits"), "--set");
    EXPECT_EQ(loaded.origins.at("run.window"), "command line");
    EXPECT_EQ(loaded.origins.at("run.schedule"), "default");
    EXPECT_EQ(loaded.origins.size(), keys().size());
}

TEST_F(LoadFileTest, FlagsAreNamedInOriginsAndMessages)
{
    auto const path = write("c.yaml", minimal);
    auto const loaded = load_file(path, {.sets = {}, .flags = {{"run.batch", "8"}, {"output.file", "p.h5"}}}, {});
    EXPECT_EQ(loaded.origins.at("run.batch"), "--batch");
    EXPECT_EQ(loaded.origins.at("output.file"), "--output");
    EXPECT_EQ(message_of([&] {
                  load_file(path, {.sets = {}, .flags = {{"run.batch", "x"}}}, {});
              }),
              "--batch: run.batch is 'x' (expected a whole number or auto)");
}

TEST_F(LoadFileTest, PathsComeFromTheFoldersOfWhoeverWroteThem)
{
    auto const path = write("c.yaml", minimal);
    Environment const environment{{{"DIST_INFER_REPORT_DIR", "reports"}}};
    auto const config = load_file(path, {.sets = {"output.file=here.h5"}, .flags = {}}, environment).config;
    EXPECT_EQ(config.input.files, std::vector<std::string>{in_folder("data.h5")});
    EXPECT_EQ(config.model.path, in_folder("model.pt2"));
    EXPECT_EQ(config.output.file, "here.h5");
    EXPECT_EQ(config.report.dir, "reports");
}

TEST_F(LoadFileTest, OverridesAreTakenAsTheyAreWritten)
{
    auto const path = write("c.yaml", minimal);
    auto const file = [&](std::string const& value) {
        return load_file(path, {.sets = {"output.file=" + value}, .flags = {}}, {}).config.output.file;
    };
    EXPECT_EQ(file("*a: b #c=d$${x}"), "*a: b #c=d$${x}");
    EXPECT_EQ(file("null"), "null");
}

TEST_F(LoadFileTest, OverridesReplaceListsAsAWhole)
{
    auto const path = write("c.yaml", "input: {files: [a.h5, b.h5]}\n"
                                      "model: {path: m, inputs: [{dataset: /x}, {dataset: /y}]}\n"
                                      "output: {file: out.h5}\n");
    Overrides const overrides{.sets = {"input.files=[p.h5, q.h5, r.h5]", "model.inputs=[{dataset: /z, dtype: uint8}]"},
                              .flags = {}};
    auto const config = load_file(path, overrides, {}).config;
    EXPECT_EQ(config.input.files, (std::vector<std::string>{"p.h5", "q.h5", "r.h5"}));
    EXPECT_EQ(config.model.inputs, (std::vector<ModelInputConfig>{{.dataset = "/z", .dtype = DType::uint8}}));
    EXPECT_EQ(load_file(path, {.sets = {"input.files=*.h5"}, .flags = {}}, {}).config.input.files,
              std::vector<std::string>{"*.h5"});
    EXPECT_EQ(message_of([&] { load_file(path, {.sets = {"model.inputs=[{scale: 2}]"}, .flags = {}}, {}); }),
              "--set: model.inputs[0] has neither dataset nor constant (an input is one of them); add dataset: with "
              "the name of an HDF5 dataset");
}

TEST_F(LoadFileTest, OverridesMaySayWhatTheFileLacks)
{
    auto const path = write("c.yaml", "input: {files: a.h5}\nmodel: {path: m}\n");
    EXPECT_EQ(load_file(path, {.sets = {}, .flags = {{"output.file", "o.h5"}}}, {}).config.output.file, "o.h5");
    EXPECT_EQ(message_of([&] { load_file(path, {.sets = {"output.write=direct"}, .flags = {}}, {}); }),
              path + ": output.file is missing (HDF5 file to make)");
}

TEST_F(LoadFileTest, WrongOverridesAreErrors)
{
    auto const path = write("c.yaml", minimal);
    auto const error = [&](std::string const& set) {
        return message_of([&] { load_file(path, {.sets = {set}, .flags = {}}, {}); });
    };
    EXPECT_EQ(error("run.batch=0"), "--set: run.batch is '0' (it must be at least 1)");
    EXPECT_EQ(error("run.batch"), "--set run.batch says no value (expected key=value); as in --set run.batch=32");
    EXPECT_EQ(error("run.bacth=1"), "--set: unknown key 'run.bacth'; did you mean 'run.batch'?");
    EXPECT_EQ(error("batch=1"), "--set: unknown key 'batch'; did you mean 'run.batch'?");
    EXPECT_EQ(error("run=1"), "--set: unknown key 'run'; dist-infer --dump-default shows every key");
    EXPECT_EQ(error("input.files=[a").find("--set:1:"), 0U);
    EXPECT_EQ(error("run.batch="), "--set: run.batch is '' (expected a whole number or auto)");
}

TEST_F(LoadFileTest, UnknownVariablesAreErrorsButThoseOfTests)
{
    auto const path = write("c.yaml", minimal);
    auto const error = [&](std::string const& name) {
        return message_of([&] { load_file(path, {}, {{{name, "1"}}}); });
    };
    EXPECT_EQ(error("DIST_INFER_RUN_BACTH"), "unknown environment variable DIST_INFER_RUN_BACTH (it is no key of the "
                                             "config); did you mean 'DIST_INFER_RUN_BATCH'?");
    EXPECT_EQ(error("DIST_INFER_TEST_FAULT"), "no error");
    EXPECT_EQ(error("DIST_INFER_INIT_TIMEOUT"), "no error");
    EXPECT_EQ(error("DIST_INFERENCE"), "no error");
    EXPECT_EQ(error("HOME"), "no error");
}

TEST_F(LoadFileTest, EveryKeyHasItsVariable)
{
    EXPECT_EQ(environment_name("run.on_bad_row"), "DIST_INFER_RUN_ON_BAD_ROW");
    auto const config = load_file(write("c.yaml", minimal), {}, {{{"DIST_INFER_RUN_ON_BAD_ROW", "skip"}}}).config;
    EXPECT_EQ(config.run.on_bad_row, OnBadRow::skip);
}

TEST_F(LoadFileTest, FileThatCannotBeReadIsNamed)
{
    auto const error = [](std::string const& path) { return message_of([&] { load_file(path, {}, {}); }); };
    EXPECT_EQ(error(in_folder("none.yaml")),
              in_folder("none.yaml") +
                  ": the config cannot be read (No such file or directory); check its path and permissions");
    EXPECT_EQ(error(folder_), folder_ + ": this is a folder (a config is a file); give a YAML config, as "
                                        "--dump-default prints one");
    EXPECT_EQ(error(write("empty.yaml", "")),
              in_folder("empty.yaml") + ": the file is empty; give a YAML config, as --dump-default prints one");
    EXPECT_EQ(error(write("data.h5", std::string("\x89HDF\r\n\x1a\n\0\0", 10))),
              in_folder("data.h5") + ": the file is not text (it holds a NUL byte); give a YAML config, as "
                                     "--dump-default prints one");
    if (geteuid() == 0) return; // root reads everything
    chmod(write("secret.yaml", minimal).c_str(), 0);
    EXPECT_EQ(error(in_folder("secret.yaml")),
              in_folder("secret.yaml") + ": the config cannot be read (Permission denied); check its path and "
                                         "permissions");
}

TEST_F(LoadFileTest, MessagesBeginWithThePathAsGiven)
{
    auto const path = write("c.yaml", minimal + "run: {batch: 0}\n");
    EXPECT_EQ(message_of([&] { load_file(path, {}, {}); }), path + ":4:14: run.batch is '0' (it must be at least 1)");
}

TEST(EnvironmentTest, ProcessEnvironmentHoldsWhatIsSet)
{
    setenv("DIST_INFER_TEST_VALUE", "a=b", 1);
    auto const environment = process_environment();
    EXPECT_EQ(environment("DIST_INFER_TEST_VALUE"), "a=b");
    unsetenv("DIST_INFER_TEST_VALUE");
    EXPECT_EQ(process_environment()("DIST_INFER_TEST_VALUE"), std::nullopt);
}

} // namespace distinfer::config
