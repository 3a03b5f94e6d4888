#include "distinfer/app/agree.hpp"
#include "distinfer/app/run_job.hpp"
#include "mpi/mpi_main.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_models.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <random>

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

struct Case
{
    std::uint64_t rows = 0;
    std::uint64_t batch = 1;
    std::string schedule = "dynamic";
    std::string window = "1"; ///< bytes: 1 makes windows of one batch
    int credits = 2;
};

/// A model, datasets of each length that was asked for, and what the plain loop makes of them. Root's alone.
class Laboratory
{
  public:
    Laboratory() { save_script(model(), source, {{"w1", {24, 40}}, {"w2", {5, 40}}, {"w3", {40, 7}}}); }

    std::string path(std::string const& name) const { return folder_ / name; }
    std::string model() const { return path("model.pt"); }

    std::vector<Rows> const& inputs(std::uint64_t rows)
    {
        auto& inputs = inputs_[rows];
        if (inputs.empty()) {
            inputs = {random_rows({DType::float32, {24}}, rows, 1), random_rows({DType::uint8, {5}}, rows, 2)};
            write_dataset(data(rows), "/group/x", inputs[0].spec, rows, inputs[0].bytes, {.big_endian = true});
            write_dataset(data(rows), "/group/y", inputs[1].spec, rows, inputs[1].bytes);
        }
        return inputs;
    }

    std::string data(std::uint64_t rows) const { return path("data" + std::to_string(rows) + ".h5"); }

    std::vector<Rows> const& expected(std::uint64_t rows, std::uint64_t batch)
    {
        auto& outputs = outputs_[{rows, batch}];
        if (outputs.empty()) outputs = reference_loop(model(), inputs(rows), batch, 1);
        return outputs;
    }

    void write_config(Case const& c)
    {
        inputs(c.rows);
        std::ofstream{path("config.yaml")}
            << "input: {files: " << data(c.rows) << "}\n"
            << "model: {path: " << model() << ", inputs: [{dataset: /group/x}, {dataset: /group/y}],"
            << " outputs: [{dataset: /p}, {dataset: /class}]}\n"
            << "output: {file: " << path("out.h5") << ", if_exists: overwrite}\n"
            << "run: {batch: " << c.batch << ", window: " << c.window << ", schedule: " << c.schedule
            << ", credits: " << c.credits << ", threads: 1}\n";
    }

    void expect_equal(Case const& c)
    {
        auto const& wanted = expected(c.rows, c.batch);
        if (c.rows == 0) return expect_empty();
        EXPECT_EQ(read_dataset(path("out.h5"), "/p"), wanted[0].bytes);
        EXPECT_EQ(read_dataset(path("out.h5"), "/class"), wanted[1].bytes);
    }

  private:
    void expect_empty() const
    {
        EXPECT_TRUE(read_dataset(path("out.h5"), "/p").empty());
        EXPECT_TRUE(read_dataset(path("out.h5"), "/class").empty());
    }

    TemporaryFolder folder_;
    std::map<std::uint64_t, std::vector<Rows>> inputs_;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<Rows>> outputs_;
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
                                        << c.window << " ranks " << world().size());
        if (laboratory_) laboratory_->write_config(c);
        world().allgather(""); // no rank reads the config before it is there
        auto const code = app::run_job({.config_path = config_}, world(), world_transport(), "test");
        ASSERT_EQ(code, ExitCode::done);
        if (laboratory_) laboratory_->expect_equal(c);
    }

  private:
    std::unique_ptr<Laboratory> laboratory_;
    std::string config_;
};

} // namespace

/// Output equal, bit for bit, to the plain loop over the same batches: so it is equal between any two of these runs.
TEST_F(EqualityTest, EveryCombinationGivesTheBitsOfThePlainLoop)
{
    for (auto const rows : std::initializer_list<std::uint64_t>{0, 1, 2, 7, 1000, 10007})
        for (auto const batch : std::initializer_list<std::uint64_t>{1, 7, 64})
            for (auto const* schedule : {"dynamic", "static"})
                for (auto const* window : {"1", "64MiB"})
                    run({.rows = rows, .batch = batch, .schedule = schedule, .window = window});
}

TEST_F(EqualityTest, DrawnJobsGiveTheBitsOfThePlainLoop)
{
    std::mt19937 random{7};
    auto const draw = [&](int from, int to) { return std::uniform_int_distribution{from, to}(random); };
    for (int round = 0; round < 25; ++round)
        run({.rows = static_cast<std::uint64_t>(draw(0, 700)),
             .batch = static_cast<std::uint64_t>(draw(1, 90)),
             .schedule = draw(0, 1) ? "dynamic" : "static",
             .window = std::to_string(draw(1, 20000)),
             .credits = draw(1, 4)});
}

} // namespace distinfer::test
