#include "distinfer/core/error.hpp"
#include "distinfer/core/tensor_spec.hpp"

#include <gtest/gtest.h>

namespace distinfer
{

TEST(DTypeTest, NamesRoundTrip)
{
    for (auto const name : dtype_names()) EXPECT_EQ(name_of(parse_dtype(name).value()), name);
    EXPECT_EQ(parse_dtype("float"), std::nullopt);
}

TEST(TensorSpecTest, SizesOfARow)
{
    TensorSpec const image{DType::float32, {3, 64, 64}};
    EXPECT_EQ(row_elements(image), 3U * 64 * 64);
    EXPECT_EQ(row_bytes(image), 4U * 3 * 64 * 64);
    EXPECT_EQ(row_bytes({DType::int64, {}}), 8U);
    EXPECT_EQ(row_bytes({DType::uint8, {4, 0}}), 0U);
}

TEST(TensorSpecTest, RowsBeyondThirtyTwoBitsAreExact)
{
    EXPECT_EQ(row_bytes({DType::float64, {1 << 20, 1 << 20}}), 1ULL << 43);
}

TEST(TensorSpecTest, ImpossibleRowsAreInputErrors)
{
    EXPECT_THROW(row_bytes({DType::float64, {1LL << 40, 1LL << 40}}), InputError);
    EXPECT_THROW(row_bytes({DType::float64, {-1}}), InputError);
}

TEST(TensorSpecTest, Text)
{
    EXPECT_EQ(to_string(TensorSpec{DType::uint8, {3, 2}}), "uint8[rows,3,2]");
    EXPECT_EQ(to_string(TensorSpec{DType::boolean, {}}, 7), "bool[7]");
}

} // namespace distinfer
