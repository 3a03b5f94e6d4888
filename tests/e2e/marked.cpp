#include "e2e/marked.hpp"

#include "support/hdf5_file.hpp"
#include "support/hdf5_values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>

namespace distinfer::test
{

namespace
{

constexpr auto script = R"(
def forward(self, x):
    assert bool((x[:, 0] < 1000).all()), 'a row is marked'
    h = torch.matmul(x, self.w)
    return torch.tanh(h), torch.argmax(h, 1)
)";

constexpr std::size_t row_bytes = 6 * sizeof(float);
constexpr std::size_t y_bytes = 4 * sizeof(float);

std::uint64_t batch_of(std::uint64_t row)
{
    return row / Workshop::batch;
}

/// The rows with a copy of the first good row of its batch in the place of each bad one.
Rows filled(Rows input, std::set<std::uint64_t> const& bad)
{
    for (auto const row : bad) {
        auto good = batch_of(row) * Workshop::batch;
        while (bad.contains(good)) ++good;
        if (good >= input.rows) continue;
        std::memcpy(input.bytes.data() + row * row_bytes, input.bytes.data() + good * row_bytes, row_bytes);
    }
    return input;
}

} // namespace

std::set<std::uint64_t> const Marked::rows{2, 8, 31, 32, 40, 41, 42, 43, 44, 45, 46, 47, 64, 70, 99};

Marked::Marked()
{
    save_script(workshop_ / "model.pt", script, {{"w", {6, 4}}});
    auto bytes = workshop_.input().bytes;
    float const mark = 5000;
    for (auto const row : rows) std::memcpy(bytes.data() + row * row_bytes, &mark, sizeof mark);
    std::filesystem::remove(workshop_ / "data.h5");
    write_dataset(workshop_ / "data.h5", "/x", workshop_.input().spec, Workshop::rows, bytes);
    config_ = workshop_.config({{"batch: 8", "batch: 8\n  window: 100\n  commit_interval: 0s\n  on_bad_row: skip"}});
}

Ended Marked::run(std::vector<std::string> const& options, int ranks) const
{
    std::vector<std::string> arguments{config_};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_program(arguments, {.ranks = ranks});
}

void Marked::mend(std::uint64_t row) const
{
    auto const file = workshop_ / "data.h5";
    auto const time = std::filesystem::last_write_time(file);
    write_rows(file, "/x", row, std::span{workshop_.input().bytes}.subspan(row * row_bytes, row_bytes));
    std::filesystem::last_write_time(file, time);
}

void Marked::expect_output(std::set<std::uint64_t> const& bad, std::string const& device) const
{
    ASSERT_TRUE(workshop_.exists("out.h5"));
    EXPECT_FALSE(workshop_.exists("out.h5.part"));
    EXPECT_EQ(workshop_.exists("out.h5.ledger"), !bad.empty()) << "it is kept for --retry-bad";
    auto wanted = reference_loop(workshop_ / "model.pt", {filled(workshop_.input(), bad)}, Workshop::batch, 1, device);
    for (auto const row : bad) {
        float const nan = std::nanf("");
        for (std::size_t i = 0; i < 4; ++i)
            std::memcpy(wanted[0].bytes.data() + row * y_bytes + i * sizeof nan, &nan, sizeof nan);
        std::memset(wanted[1].bytes.data() + row * 8, 0, 8);
    }
    EXPECT_EQ(read_dataset(workshop_ / "out.h5", "/y"), wanted[0].bytes);
    EXPECT_EQ(read_dataset(workshop_ / "out.h5", "/z"), wanted[1].bytes);
    expect_listed(bad);
}

void Marked::expect_listed(std::set<std::uint64_t> const& bad) const
{
    std::vector<std::uint64_t> listed(bad.size());
    auto const bytes = read_dataset(workshop_ / "out.h5", "/dist-infer/bad_rows");
    ASSERT_EQ(bytes.size(), bad.size() * sizeof(std::uint64_t));
    if (!bytes.empty()) std::memcpy(listed.data(), bytes.data(), bytes.size());
    EXPECT_EQ(listed, std::vector<std::uint64_t>(bad.begin(), bad.end()));
    EXPECT_EQ(values_of(workshop_ / "out.h5", "/dist-infer/bad_row_reasons"),
              std::vector<std::string>(bad.size(), reason));
}

void Marked::remove_output() const
{
    for (auto const* name : {"out.h5", "out.h5.part", "out.h5.ledger", "report.json"})
        std::filesystem::remove(workshop_ / name);
}

} // namespace distinfer::test
