#include "distinfer/app/agree.hpp"
#include "distinfer/app/run_job.hpp"
#include "mpi/mpi_main.hpp"
#include "support/hdf5_file.hpp"
#include "support/npy_file.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_models.hpp"
#include "support/undisturbed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <tuple>

namespace distinfer::test
{

namespace
{

/// Two inputs of different types, two outputs of different types; the matrix product makes the bits of a row depend on
/// the batch that it is in.
constexpr auto source = R"(
def forward(self, x, y):
    h = torch.relu(torch.matmul(x, self.w1) + torch.matmul(y.float(), self.w2))
    z = torch.matmul(h, self.w3)
    return torch.softmax(z, 1), torch.argmax(z, 1)
)";

/// The same of one input, as a .npy file holds no more.
constexpr auto source_of_x = R"(
def forward(self, x):
    z = torch.matmul(torch.relu(torch.matmul(x, self.w1)), self.w3)
    return torch.softmax(z, 1), torch.argmax(z, 1)
)";

struct Case
{
    std::uint64_t rows = 0;
    std::uint64_t batch = 1;
    std::string schedule = "dynamic";
    std::string window = "1"; ///< bytes: 1 makes windows of one batch
    int credits = 2;
    std::string read = "scatter";
    std::string write = "gather";
    int storage = 0; ///< of the datasets: an index into `storages`, or one of those below
    std::string transport = "mpi";
};

struct Storage
{
    StoredAs x, y;
};

/// Both byte orders contiguous; compressed chunks that windows cut, one of them across rows; chunks that hold whole
/// rows as they are.
std::vector<Storage> const storages{
    {{.big_endian = true}, {}},
    {{.chunk = {10, 24}, .deflate = 4, .shuffle = true}, {.big_endian = true, .chunk = {9, 2}, .fletcher32 = true}},
    {{.chunk = {16, 24}}, {.chunk = {3, 5}, .deflate = 1}}};

constexpr int joined = 3;     ///< Case::storage of three files that are joined
constexpr int npy = 4;        ///< x alone, in a .npy file
constexpr int joined_npy = 5; ///< x alone, of files that are joined: .npy in either byte order, and HDF5

/// HDF5 wants no chunk to be longer than its dataset.
StoredAs fitting(StoredAs stored, std::uint64_t rows)
{
    if (stored.chunk.empty()) return stored;
    if (rows == 0) return {.big_endian = stored.big_endian};
    stored.chunk.front() = std::min(stored.chunk.front(), rows);
    return stored;
}

/// A model, datasets of each length that was asked for, and what the plain loop makes of them. Root's alone.
class Laboratory
{
  public:
    Laboratory()
    {
        save_script(model(0), source, {{"w1", {24, 40}}, {"w2", {5, 40}}, {"w3", {40, 7}}});
        save_script(model(npy), source_of_x, {{"w1", {24, 40}}, {"w3", {40, 7}}});
    }

    std::string path(std::string const& name) const { return folder_ / name; }
    std::string model(int storage) const { return path(storage < npy ? "model.pt" : "model_of_x.pt"); }

    std::vector<Rows> const& inputs(std::uint64_t rows)
    {
        auto& inputs = inputs_[rows];
        if (!inputs.empty()) return inputs;
        inputs = {random_rows({DType::float32, {24}}, rows, 1), random_rows({DType::uint8, {5}}, rows, 2)};
        for (std::size_t i = 0; i < storages.size(); ++i) {
            auto const file = data(rows, static_cast<int>(i));
            write_dataset(file, "/group/x", inputs[0].spec, rows, inputs[0].bytes, fitting(storages[i].x, rows));
            write_dataset(file, "/group/y", inputs[1].spec, rows, inputs[1].bytes, fitting(storages[i].y, rows));
        }
        return inputs;
    }

    /// x in a .npy file, or joined of three files.
    std::string arrays(std::uint64_t rows, int storage)
    {
        auto const& x = inputs(rows)[0];
        auto const name = "x" + std::to_string(rows);
        if (storage == npy) {
            write_npy(path(name + ".npy"), x.spec, rows, x.bytes);
            return path(name + ".npy");
        }
        auto const row = row_bytes(x.spec);
        auto const all = std::span{x.bytes};
        auto const third = rows / 3;
        write_npy(path(name + "-0.npy"), x.spec, third, all.first(third * row));
        write_npy(path(name + "-1.npy"), x.spec, third, all.subspan(third * row, third * row), {.big_endian = true});
        if (!std::filesystem::exists(path(name + "-2.h5")))
            write_part(path(name + "-2.h5"), "/group/x", x, 2 * third, rows - 2 * third, storages[1].x);
        return path(name + "-*");
    }

    /// The same rows in three files, each stored in its own way; windows cross from one into the next.
    std::string parts(std::uint64_t rows)
    {
        auto const& all = inputs(rows);
        std::vector<std::uint64_t> const ends{0, rows / 3, std::min(rows, rows / 3 + 1), rows};
        for (std::size_t part = 0; part + 1 < ends.size(); ++part) {
            auto const file = path("part" + std::to_string(rows) + "-" + std::to_string(part) + ".h5");
            if (std::filesystem::exists(file)) continue;
            auto const count = ends[part + 1] - ends[part];
            write_part(file, "/group/x", all[0], ends[part], count, storages[part].x);
            write_part(file, "/group/y", all[1], ends[part], count, storages[part].y);
        }
        return path("part" + std::to_string(rows) + "-*.h5");
    }

    std::string data(std::uint64_t rows, int storage) const
    {
        return path("data" + std::to_string(rows) + "-" + std::to_string(storage) + ".h5");
    }

    std::vector<Rows> const& expected(Case const& c)
    {
        bool const only_x = c.storage >= npy;
        auto& outputs = outputs_[{c.rows, c.batch, only_x}];
        if (!outputs.empty()) return outputs;
        auto arguments = inputs(c.rows);
        if (only_x) arguments.resize(1);
        outputs = reference_loop(model(c.storage), arguments, c.batch, 1);
        return outputs;
    }

    std::string files(Case const& c)
    {
        inputs(c.rows);
        if (c.storage == joined) return parts(c.rows);
        return c.storage >= npy ? arrays(c.rows, c.storage) : data(c.rows, c.storage);
    }

    void write_config(Case const& c)
    {
        std::ofstream{path("config.yaml")}
            << "input: {files: \"" << files(c) << "\", read: " << c.read << "}\n"
            << "model: {path: " << model(c.storage) << ", inputs: [{dataset: /group/x}"
            << (c.storage < npy ? ", {dataset: /group/y}" : "") << "],"
            << " outputs: [{dataset: /p}, {dataset: /class}]}\n"
            << "output: {file: " << path("out.h5") << ", write: " << c.write << ", if_exists: overwrite}\n"
            << "run: {batch: " << c.batch << ", window: " << c.window << ", schedule: " << c.schedule
            << ", credits: " << c.credits << ", transport: " << c.transport << ", threads: 1}\n";
    }

    void expect_equal(Case const& c)
    {
        auto const& wanted = expected(c);
        if (c.rows == 0) return expect_empty();
        EXPECT_EQ(read_dataset(path("out.h5"), "/p"), wanted[0].bytes);
        EXPECT_EQ(read_dataset(path("out.h5"), "/class"), wanted[1].bytes);
    }

  private:
    static void write_part(std::string const& file, std::string const& dataset, Rows const& all, std::uint64_t first,
                           std::uint64_t rows, StoredAs const& stored)
    {
        auto const row = row_bytes(all.spec);
        write_dataset(file, dataset, all.spec, rows, std::span{all.bytes}.subspan(first * row, rows * row),
                      fitting(stored, rows));
    }

    void expect_empty() const
    {
        EXPECT_TRUE(read_dataset(path("out.h5"), "/p").empty());
        EXPECT_TRUE(read_dataset(path("out.h5"), "/class").empty());
    }

    TemporaryFolder folder_;
    std::map<std::uint64_t, std::vector<Rows>> inputs_;
    std::map<std::tuple<std::uint64_t, std::uint64_t, bool>, std::vector<Rows>> outputs_;
};

class EqualityTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        if (world().is_root()) laboratory_ = std::make_unique<Laboratory>();
        config_ = app::broadcast_text(world(), laboratory_ ? laboratory_->path("config.yaml") : "");
    }

    void run(Case const& c)
    {
        SCOPED_TRACE(testing::Message() << "rows " << c.rows << " batch " << c.batch << " " << c.schedule << " window "
                                        << c.window << " read " << c.read << " write " << c.write << " storage "
                                        << c.storage << " transport " << c.transport << " ranks " << world().size());
        if (laboratory_) laboratory_->write_config(c);
        world().allgather(""); // no rank reads the config before it is there
        Undisturbed nobody;
        app::Takeover takeover;
        auto const code =
            app::run_job({.config_path = config_}, {world(), world_transport(), "test", nobody, takeover});
        ASSERT_EQ(code, ExitCode::done);
        if (laboratory_) laboratory_->expect_equal(c);
    }

  private:
    std::unique_ptr<Laboratory> laboratory_;
    std::string config_;
};

std::vector<Case> drawn(unsigned seed, int rounds, std::string const& transport)
{
    std::mt19937 random{seed};
    auto const draw = [&](int from, int to) { return std::uniform_int_distribution{from, to}(random); };
    std::vector<Case> cases;
    for (int round = 0; round < rounds; ++round)
        cases.push_back({.rows = static_cast<std::uint64_t>(draw(0, 700)),
                         .batch = static_cast<std::uint64_t>(draw(1, 90)),
                         .schedule = draw(0, 1) ? "dynamic" : "static",
                         .window = std::to_string(draw(1, 20000)),
                         .credits = draw(0, 4),
                         .read = draw(0, 1) ? "scatter" : "direct",
                         .write = draw(0, 1) ? "gather" : "direct",
                         .storage = draw(0, joined_npy),
                         .transport = transport});
    return cases;
}

/// Connecting the ranks by gloo takes 10 to 20 ms a job, so not every job is run again with it for every number of
/// them.
std::vector<std::string> transports(bool every)
{
    return every ? std::vector<std::string>{"mpi", "gloo"} : std::vector<std::string>{"mpi"};
}

} // namespace

/// Output equal, bit for bit, to the plain loop over the same batches: so it is equal between any two of these runs.
TEST_F(EqualityTest, EveryCombinationGivesTheBitsOfThePlainLoop)
{
    for (auto const rows : std::initializer_list<std::uint64_t>{0, 1, 2, 7, 1000, 10007})
        for (auto const batch : std::initializer_list<std::uint64_t>{1, 7, 64})
            for (auto const* schedule : {"dynamic", "static"})
                for (auto const* window : {"1", "64MiB"})
                    for (auto const& transport : transports(world().size() == 3))
                        run({.rows = rows,
                             .batch = batch,
                             .schedule = schedule,
                             .window = window,
                             .transport = transport});
}

TEST_F(EqualityTest, EveryModeAndStorageGivesTheBitsOfThePlainLoop)
{
    for (auto const rows : std::initializer_list<std::uint64_t>{0, 7, 1000})
        for (auto const* read : {"scatter", "direct"})
            for (auto const* write : {"gather", "direct"})
                for (int storage = 0; storage <= joined_npy; ++storage)
                    run({.rows = rows, .batch = 7, .window = "3000", .read = read, .write = write, .storage = storage});
}

TEST_F(EqualityTest, DrawnJobsGiveTheBitsOfThePlainLoop)
{
    for (auto const& c : drawn(7, 25, "mpi")) run(c);
}

/// Every number of ranks, of which the cases above run only one with gloo.
TEST_F(EqualityTest, DrawnJobsOverGlooGiveTheBitsOfThePlainLoop)
{
    for (auto const& c : drawn(8, 15, "gloo")) run(c);
}

} // namespace distinfer::test
