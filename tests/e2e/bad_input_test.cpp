#include "e2e/program.hpp"
#include "e2e/workshop.hpp"
#include "support/hdf5_file.hpp"
#include "support/npy_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>

namespace distinfer::test
{

namespace
{

using Changes = std::vector<std::pair<std::string, std::string>>;

/// One way to get it wrong: what the user did, the exit code, and what the one message has to say.
struct BadInput
{
    std::string name;
    int exit_code;
    std::vector<std::string> says;
    Changes changes = {};
    std::function<void(Workshop const&)> prepare = [](Workshop const&) {};
    std::vector<std::string> environment = {};
    std::vector<std::string> arguments = {};
    bool alone = false; ///< without mpirun
};

void PrintTo(BadInput const& bad, std::ostream* out)
{
    *out << bad.name;
}

void write_rows_of(Workshop const& w, std::string const& file, std::string const& dataset, TensorSpec const& spec,
                   std::uint64_t rows)
{
    write_dataset(w / file, dataset, spec, rows, random_rows(spec, rows).bytes);
}

void truncate(Workshop const& w, std::string const& file)
{
    std::filesystem::resize_file(w / file, std::filesystem::file_size(w / file) / 2);
}

void overwrite_middle(Workshop const& w, std::string const& name)
{
    auto content = w.read(name);
    for (std::size_t i = content.size() / 3; i < content.size() * 2 / 3; ++i) content[i] = static_cast<char>(i * 37);
    w.write(name, content);
}

std::vector<BadInput> bad_data()
{
    return {
        {"MissingFile", 3, {"nowhere.h5", "No such file", "input.files"}, {{"data.h5", "nowhere.h5"}}},
        {"Directory",
         3,
         {"folder", "folder"},
         {{"data.h5", "folder"}},
         [](Workshop const& w) { std::filesystem::create_directory(w / "folder"); }},
        {"EmptyFile", 3, {"data.h5", "empty"}, {}, [](Workshop const& w) { w.write("data.h5", ""); }},
        {"NotHdf5", 3, {"data.h5", "text"}, {}, [](Workshop const& w) { w.write("data.h5", "a,b,c\n1,2,3\n"); }},
        {"NetCdf3",
         3,
         {"NetCDF", "nccopy"},
         {},
         [](Workshop const& w) {
             w.write("data.h5", std::string{"CDF\x01", 4} + std::string(200, '\0'));
         }},
        {"TruncatedHdf5", 3, {"data.h5", "cut short: it has"}, {}, [](Workshop const& w) { truncate(w, "data.h5"); }},
        {"DatasetMissing", 3, {"/xx", "did you mean '/x'"}, {{"dataset: /x\n", "dataset: /xx\n"}}},
        {"DatasetIsAGroup",
         3,
         {"/group", "group"},
         {{"dataset: /x\n", "dataset: /group\n"}},
         [](Workshop const& w) {
             write_dataset(w / "data.h5", "/group/x", {DType::int8, {}}, 0, {});
         }},
        {"WrongRank",
         3,
         {"/deep", "9 axes"},
         {{"dataset: /x\n", "dataset: /deep\n"}},
         [](Workshop const& w) {
             write_rows_of(w, "data.h5", "/deep", {DType::int8, {1, 1, 1, 1, 1, 1, 1, 1}}, 3);
         }},
        {"LengthsDiffer",
         3,
         {"/x", "/short", "100", "99"},
         {{"- dataset: /x\n", "- dataset: /x\n    - dataset: /short\n"}},
         [](Workshop const& w) {
             save_script(w / "model.pt", "def forward(self, x, y):\n    return x, y\n");
             write_dataset(w / "data.h5", "/short", {DType::float32, {6}}, 99, {});
         }},
    };
}

/// One of the files of the fuzz target `trial` under the name of the good input.
std::function<void(Workshop const&)> use(std::string const& file)
{
    return [file](Workshop const& w) {
        auto const from = std::string{HOSTILE_FILES} + "/" + file;
        std::filesystem::copy_file(from, w / "data.h5", std::filesystem::copy_options::overwrite_existing);
    };
}

/// A config of ten lines that would be a list of a billion.
std::string billion_laughs()
{
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        auto const before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int j = 1; j < 10; ++j) text += ", " + before;
        text += "]\n";
    }
    return text;
}

std::vector<BadInput> hostile_files()
{
    return {
        {"CrashesHdf5", 3, {"data.h5", "damaged"}, {}, use("crash-of-hdf5.h5")},
        {"ExternalLink",
         3,
         {"/x in", "data.h5", "target.h5", "input.allow_external: true"},
         {},
         use("external-link.h5")},
        {"ExternalStorage", 3, {"/x in", "/etc/passwd", "input.allow_external: true"}, {}, use("external-storage.h5")},
        {"HugeRow", 3, {"/x", "1125899906842624", "memory"}, {}, use("huge-row.h5")},
        {"HugeChunk", 3, {"/x in", "1073741824 bytes", "h5repack"}, {}, use("huge-chunk.h5")},
        {"ManyAxes", 3, {"/x in", "32 axes"}, {}, use("axes.h5")},
        {"BillionLaughs", 2, {"config.yaml:1:5", "anchors"}, {{"version: 1\n", billion_laughs() + "version: 1\n"}}},
        {"DeepConfig",
         2,
         {"config.yaml:1:", "too deep"},
         {{"version: 1\n", "a: " + std::string(1000, '[') + std::string(1000, ']') + "\n"}}},
    };
}

/// A .npy file under the name of the good input: its content is what counts.
void write_array(Workshop const& w, std::string const& type_and_order, std::string const& shape)
{
    w.write("data.h5", npy_head("{" + type_and_order + ", 'shape': " + shape + "}") + std::string(200, '\0'));
}

std::vector<BadInput> bad_arrays()
{
    return {
        {"ArrayOfColumns",
         3,
         {"the array in", "data.h5", "column by column", "numpy.ascontiguousarray"},
         {},
         [](Workshop const& w) { write_array(w, "'descr': '<f4', 'fortran_order': True", "(5, 6)"); }},
        {"ArrayOfObjects",
         3,
         {"the array in", "Python objects", "store it as one of"},
         {},
         [](Workshop const& w) { write_array(w, "'descr': '|O', 'fortran_order': False", "(5,)"); }},
        {"ArrayCutShort",
         3,
         {"data.h5", "cut short: it has"},
         {},
         [](Workshop const& w) { write_array(w, "'descr': '<f4', 'fortran_order': False", "(100, 6)"); }},
        {"ArrayForTwoInputs",
         3,
         {"/x and /y", "one array", "HDF5"},
         {{"- dataset: /x\n", "- dataset: /x\n    - dataset: /y\n"}},
         [](Workshop const& w) {
             save_script(w / "model.pt", "def forward(self, x, y):\n    return x, y\n");
             write_array(w, "'descr': '<f4', 'fortran_order': False", "(5, 6)");
         }},
        {"Npz",
         3,
         {"data.h5", "zip archive", ".npz", "unzip it"},
         {},
         [](Workshop const& w) { w.write("data.h5", "PK\x03\x04" + std::string(200, '\0')); }},
    };
}

std::vector<BadInput> bad_models()
{
    return {
        {"ModelMissing", 4, {"gone.pt", "No such file"}, {{"model.pt", "gone.pt"}}},
        {"NotAModel",
         4,
         {"model.pt", "not a model", "TorchScript"},
         {},
         [](Workshop const& w) { w.write("model.pt", "hello"); }},
        {"ModelIsHdf5", 4, {"HDF5", "TorchScript"}, {{"path: model.pt", "path: data.h5"}}},
        {"CutModel", 4, {"model.pt", "corrupt or cut short"}, {}, [](Workshop const& w) { truncate(w, "model.pt"); }},
        {"CorruptModel", 4, {"model.pt"}, {}, [](Workshop const& w) { overwrite_middle(w, "model.pt"); }},
        {"WrongSha256",
         4,
         {"sha256", std::string(64, 'a')},
         {{"path: model.pt", "path: model.pt\n  sha256: " + std::string(64, 'a')}}},
        {"NoSuchMethod",
         4,
         {"no method 'foward'", "did you mean 'forward'"},
         {{"path: model.pt", "path: model.pt\n  method: foward"}}},
    };
}

std::vector<BadInput> models_that_do_not_fit()
{
    return {
        {"DTypeRefused",
         4,
         {"model.pt refused", "/x as int16[8,6]"},
         {},
         [](Workshop const& w) {
             std::filesystem::remove(w / "data.h5");
             write_rows_of(w, "data.h5", "/x", {DType::int16, {6}}, 100);
         }},
        {"WrongShape",
         4,
         {"model.pt refused", "/x as float32[8,7]", "shapes cannot be multiplied"},
         {},
         [](Workshop const& w) {
             std::filesystem::remove(w / "data.h5");
             write_rows_of(w, "data.h5", "/x", {DType::float32, {7}}, 100);
         }},
        {"TooFewInputs",
         4,
         {"takes 2 inputs, the config gives 1", "forward("},
         {},
         [](Workshop const& w) { save_script(w / "model.pt", "def forward(self, x, y):\n    return x + y\n"); }},
        {"NotRowWise",
         4,
         {"not one row for each", "first axis"},
         {{"    - dataset: /z\n", ""}},
         [](Workshop const& w) { save_script(w / "model.pt", "def forward(self, x):\n    return x.sum(0)\n"); }},
        {"FailsInTheMiddle",
         4,
         {"the model failed on rows 40 to 47", "too large"},
         {{"    - dataset: /z\n", ""}},
         [](Workshop const& w) {
             save_script(w / "model.pt", "def forward(self, x):\n    assert bool((x < 1000).all()), 'too large'\n"
                                         "    return x\n");
             auto data = w.input().bytes;
             float const huge = 1e6F;
             std::memcpy(data.data() + 42 * 6 * sizeof huge, &huge, sizeof huge);
             std::filesystem::remove(w / "data.h5");
             write_dataset(w / "data.h5", "/x", w.input().spec, Workshop::rows, data);
         }},
        {"OutputsDoNotMatch", 4, {"gives 2 results, the config names 1"}, {{"    - dataset: /z\n", ""}}},
    };
}

std::vector<BadInput> bad_configs()
{
    return {
        {"UnknownKey", 2, {"config.yaml:14:3", "bacth", "did you mean 'batch'"}, {{"  batch: 8", "  bacth: 8"}}},
        {"DuplicateKey", 2, {"config.yaml:15:3", "batch", "twice"}, {{"  batch: 8", "  batch: 8\n  batch: 9"}}},
        {"MistypedValue", 2, {"config.yaml:14:10", "eight"}, {{"batch: 8", "batch: eight"}}},
        {"OctalNumber", 2, {"config.yaml:14:10", "010", "octal"}, {{"batch: 8", "batch: 010"}}},
        {"UndefinedVariable",
         2,
         {"config.yaml:3:10", "NO_SUCH_VARIABLE"},
         {{"data.h5", "${NO_SUCH_VARIABLE}/data.h5"}}},
        {"UnknownChoice",
         2,
         {"config.yaml", "dynamc", "did you mean 'dynamic'"},
         {{"batch: 8", "batch: 8\n  schedule: dynamc"}}},
        {"NotYaml", 2, {"config.yaml:"}, {{"version: 1", "version: [1"}}},
        {"ModelPathMissing", 2, {"model.path"}, {{"  path: model.pt\n", ""}}},
        {"NotInThisVersion", 2, {"report.html", "not available"}, {{"version: 1", "version: 1\nreport: {html: true}"}}},
        {"RetryOfARunThatNeverGoesOn",
         2,
         {"--retry-bad", "run.resume is never"},
         {{"batch: 8", "batch: 8\n  resume: never"}},
         [](Workshop const&) {},
         {},
         {"--retry-bad"}},
        {"UnknownVariableOfOurs",
         2,
         {"DIST_INFER_RUN_BACTH", "DIST_INFER_RUN_BATCH"},
         {},
         [](Workshop const&) {},
         {"DIST_INFER_RUN_BACTH=3"}},
        {"UnknownOption", 2, {"--bacth", "did you mean '--batch'"}, {}, [](Workshop const&) {}, {}, {"--bacth", "3"}},
    };
}

std::vector<BadInput> bad_surroundings()
{
    return {
        {"OutputFolderMissing", 7, {"no/such", "does not exist"}, {{"out.h5", "no/such/out.h5"}}},
        {"OutputExists", 7, {"out.h5", "exists", "overwrite"}, {}, [](Workshop const& w) { w.write("out.h5", "x"); }},
        {"OutputIsTheInput",
         7,
         {"output.file is an input file", "data.h5", "choose another"},
         {{"out.h5", "data.h5\n  if_exists: overwrite"}}},
        {"ReportFolderMissing",
         2,
         {"report", "no/such", "does not exist"},
         {{"run:", "report:\n  dir: no/such\nrun:"}}},
        {"SlurmAllocationWithoutALauncher",
         6,
         {"SLURM granted 8 tasks", "SLURM_NTASKS=8", "srun --mpi=pmix"},
         {},
         [](Workshop const&) {},
         {"SLURM_NTASKS=8"},
         {},
         true},
        {"OutputIsAFolder",
         7,
         {"folder"},
         {{"out.h5", "folder"}},
         [](Workshop const& w) { std::filesystem::create_directory(w / "folder"); }},
        {"OutputNotWritable", 7, {"out.h5"}, {{"out.h5", "/proc/out.h5"}}},
        {"NoGpu", 5, {"no GPU", "run.device: cpu"}, {{"batch: 8", "batch: 8\n  device: cuda"}}},
        {"LauncherMismatch",
         6,
         {"launcher started 4", "PMI_SIZE=4", "srun --mpi=pmix"},
         {},
         [](Workshop const&) {},
         {"PMI_SIZE=4"},
         {},
         true},
    };
}

class BadInputTest : public testing::TestWithParam<BadInput>
{};

} // namespace

/// One message that names the cause and the fix, the exact exit code, no hang, and nothing left behind but what the
/// next run goes on with: rows that were recorded before the failure, which the message counts.
TEST_P(BadInputTest, IsOneMessageWithItsExitCode)
{
    auto const& bad = GetParam();
    Workshop const workshop;
    bad.prepare(workshop);
    auto arguments = bad.arguments;
    arguments.insert(arguments.begin(), workshop.config(bad.changes));
    bool const had_output = workshop.exists("out.h5");

    auto const ended = run_program(arguments, {.ranks = bad.alone ? 0 : 2, .environment = bad.environment});

    EXPECT_EQ(ended.exit_code, bad.exit_code) << ended.err;
    auto const errors = ended.error_lines();
    ASSERT_EQ(errors.size(), 1U) << ended.err;
    for (auto const& words : bad.says)
        EXPECT_NE(errors[0].find(words), std::string::npos) << words << "\n" << errors[0];
    EXPECT_EQ(workshop.exists("out.h5"), had_output);
    bool const has_recorded_rows = errors[0].find("rows are recorded, and kept for the next run") != std::string::npos;
    EXPECT_EQ(workshop.exists("out.h5.part"), has_recorded_rows) << errors[0];
    EXPECT_EQ(workshop.exists("out.h5.ledger"), has_recorded_rows) << errors[0];
    EXPECT_FALSE(workshop.exists("out.h5.lock"));
    // What is wrong with data, model or device is known only after the config was read, so there is a report.
    bool const config_was_read = bad.exit_code >= 3 && bad.exit_code <= 5;
    EXPECT_TRUE(workshop.exists("report.json") || !config_was_read);
    if (workshop.exists("report.json")) {
        auto const report = nlohmann::json::parse(workshop.read("report.json"));
        EXPECT_EQ(report["exit_code"], bad.exit_code);
        EXPECT_EQ(report["status"], "failed");
        EXPECT_NE(errors[0].find(report["error"].get<std::string>()), std::string::npos);
    }
}

/// What is refused by default is read where the config says so.
TEST(ExternalTest, IsFollowedWhereTheConfigAllowsIt)
{
    Workshop const workshop;
    std::filesystem::rename(workshop / "data.h5", workshop / "target.h5");
    use("external-link.h5")(workshop);
    auto const config = workshop.config({{"files: data.h5", "files: data.h5\n  allow_external: true"}});
    auto const ended = run_program({config}, {.ranks = 2});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(read_dataset(workshop / "out.h5", "/y"), workshop.expected().front().bytes);
}

auto const name_of_case = [](auto const& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Data, BadInputTest, testing::ValuesIn(bad_data()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Arrays, BadInputTest, testing::ValuesIn(bad_arrays()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Hostile, BadInputTest, testing::ValuesIn(hostile_files()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Model, BadInputTest, testing::ValuesIn(bad_models()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Signature, BadInputTest, testing::ValuesIn(models_that_do_not_fit()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Config, BadInputTest, testing::ValuesIn(bad_configs()), name_of_case);
INSTANTIATE_TEST_SUITE_P(Surroundings, BadInputTest, testing::ValuesIn(bad_surroundings()), name_of_case);

} // namespace distinfer::test
