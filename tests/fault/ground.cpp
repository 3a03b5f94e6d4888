#include "fault/ground.hpp"

#include "distinfer/ledger/ledger.hpp"

#include <filesystem>

namespace distinfer::test
{

namespace
{

std::string busy_script(int work)
{
    return R"(
def forward(self, x):
    h = torch.matmul(x, self.w)
    for i in range()" +
           std::to_string(work) + R"():
        h = torch.tanh(torch.matmul(h, self.v) + 0.01 * h)
    return h, torch.argmax(h, 1)
)";
}

} // namespace

Ground::Ground(Extent const& extent)
{
    save_script(workshop_ / "busy.pt", busy_script(extent.work), {{"w", {6, 24}}, {"v", {24, 24}}});
    auto const input = random_rows({DType::float32, {6}}, extent.rows);
    write_dataset(workshop_ / "many.h5", "/x", input.spec, extent.rows, input.bytes, extent.stored);
    config_ = workshop_.config(
        {{"data.h5", "many.h5"},
         {"model.pt", "busy.pt"},
         {"batch: 8", "batch: 8\n  window: " + extent.window + "\n  commit_interval: " + extent.commit_interval}});
    auto const ended = run_program({config_}, {.ranks = extent.ranks});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    y_ = read_dataset(workshop_ / "out.h5", "/y");
    z_ = read_dataset(workshop_ / "out.h5", "/z");
    remove_output();
}

std::vector<std::string> Ground::drawn_mode(std::mt19937& random) const
{
    auto const one_of = [&](char const* a, char const* b) { return std::string{random() % 2 == 0 ? a : b}; };
    return {
        "--set", "input.read=" + one_of("scatter", "direct"),   "--set", "output.write=" + one_of("gather", "direct"),
        "--set", "run.schedule=" + one_of("dynamic", "static"), "--set", "run.window=" + one_of("1KiB", "5KiB")};
}

std::uint64_t Ground::ledger_bytes() const
{
    std::error_code error;
    auto const bytes = std::filesystem::file_size(workshop_ / "out.h5.ledger", error);
    return error ? 0 : bytes;
}

std::uint64_t Ground::rows_recorded() const
{
    auto const contents = ledger::read_ledger(ledger::ledger_path(workshop_ / "out.h5"));
    return contents ? ledger::rows_in(contents->records).done.size() : 0;
}

bool Ground::is_finished() const
{
    return workshop_.exists("out.h5") && !workshop_.exists("out.h5.ledger");
}

int Ground::status() const
{
    return run_program({"status", config_}).exit_code;
}

void Ground::expect_right_output() const
{
    ASSERT_TRUE(workshop_.exists("out.h5"));
    EXPECT_FALSE(workshop_.exists("out.h5.part"));
    EXPECT_FALSE(workshop_.exists("out.h5.ledger"));
    expect_right_rows();
}

void Ground::expect_right_rows() const
{
    EXPECT_EQ(read_dataset(workshop_ / "out.h5", "/y"), y_);
    EXPECT_EQ(read_dataset(workshop_ / "out.h5", "/z"), z_);
}

void Ground::remove_output() const
{
    for (auto const* name :
         {"out.h5", "out.h5.part", "out.h5.ledger", "out.h5.lock", "out.h5.ledger.tmp", "report.json"})
        std::filesystem::remove(workshop_ / name);
}

} // namespace distinfer::test
