#include "e2e/program.hpp"
#include "e2e/workshop.hpp"
#include "support/hdf5_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace distinfer::test
{

/// 2.2e9 elements in two windows of 1.1 GB: neither an element's number nor a window's bytes fit an int, and no message
/// may exceed 1 GiB. The file is sparse; only its last row holds something.
TEST(LargeTest, ElementsBeyondTwoToThe31InWindowsBeyondOneMessage)
{
    constexpr std::uint64_t rows = 2200;
    TensorSpec const spec{DType::uint8, {1'000'000}};
    Workshop const workshop;
    save_script(workshop / "model.pt", "def forward(self, x):\n    return x[:, -3:], x[:, 0]\n");
    write_dataset(workshop / "large.h5", "/x", spec, rows, {}, {.chunk = {1, 1'000'000}});
    write_rows(workshop / "large.h5", "/x", rows - 1, std::vector<std::byte>(1'000'000, std::byte{7}));

    auto const config = workshop.config({{"data.h5", "large.h5"}, {"batch: 8", "batch: 1100\n  credits: 0"}});
    auto const ended = run_program({config}, {.ranks = 2});

    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    auto const last_three = read_dataset(workshop / "out.h5", "/y");
    auto const first = read_dataset(workshop / "out.h5", "/z");
    ASSERT_EQ(last_three.size(), rows * 3);
    ASSERT_EQ(first.size(), rows);
    EXPECT_EQ(first.back(), std::byte{7});
    EXPECT_EQ(last_three.back(), std::byte{7});
    EXPECT_EQ(std::count(first.begin(), first.end(), std::byte{7}), 1);
    EXPECT_EQ(std::count(last_three.begin(), last_three.end(), std::byte{7}), 3);
}

} // namespace distinfer::test
