#include "distinfer/core/error.hpp"
#include "distinfer/core/payload_layout.hpp"

#include <gtest/gtest.h>

namespace distinfer
{

TEST(PayloadLayoutTest, TensorsBeginOnAlignedBoundariesOneAfterTheOther)
{
    PayloadLayout const layout{{{DType::uint8, {5}}, {DType::float64, {2}}, {DType::boolean, {}}}};
    EXPECT_EQ(layout.bytes_per_row(), 5U + 16 + 1);
    EXPECT_EQ(layout.offset(0, 3), 0U);
    EXPECT_EQ(layout.offset(1, 3), 64U);
    EXPECT_EQ(layout.offset(2, 3), 128U);
    EXPECT_EQ(layout.bytes(3), 192U);
    EXPECT_EQ(layout.offset(1, 13), 128U);
}

TEST(PayloadLayoutTest, NoRowsAndNoTensorsTakeNoBytes)
{
    EXPECT_EQ(PayloadLayout({{DType::float32, {8}}}).bytes(0), 0U);
    EXPECT_EQ(PayloadLayout(std::vector<TensorSpec>{}).bytes(9), 0U);
}

TEST(PayloadLayoutTest, OverflowIsAnError)
{
    PayloadLayout const layout{{{DType::float64, {1LL << 40}}}};
    EXPECT_THROW(layout.bytes(1ULL << 30), InputError);
}

} // namespace distinfer
