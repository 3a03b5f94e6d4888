#include "distinfer/core/error.hpp"
#include "fashion_mnist/idx.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace fashion_mnist
{

namespace
{

using Bytes = std::vector<std::uint8_t>;

Bytes const two_by_three{0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 11, 12, 20, 21, 22};

} // namespace

TEST(IdxTest, ReadsExtentsAndValues)
{
    auto const array = parse_idx(two_by_three, "a");
    EXPECT_EQ(array.shape, (std::vector<std::uint64_t>{2, 3}));
    EXPECT_EQ(array.values, (Bytes{10, 11, 12, 20, 21, 22}));
}

TEST(IdxTest, ExtentsAreBigEndian)
{
    Bytes file{0, 0, 8, 1, 0, 0, 1, 2};
    file.resize(file.size() + 258);
    EXPECT_EQ(parse_idx(file, "a").shape.front(), 258U);
}

TEST(IdxTest, EveryShorterOrLongerFileIsRefused)
{
    for (std::size_t size = 0; size < two_by_three.size(); ++size) {
        Bytes const cut(two_by_three.begin(), two_by_three.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_THROW(parse_idx(cut, "a"), distinfer::InputError) << size;
    }
    auto longer = two_by_three;
    longer.push_back(0);
    EXPECT_THROW(parse_idx(longer, "a"), distinfer::InputError);
}

TEST(IdxTest, OtherMagicNumbersAreRefused)
{
    EXPECT_THROW(parse_idx(Bytes{0, 0, 0x0D, 1, 0, 0, 0, 0}, "a"), distinfer::InputError); // floats
    EXPECT_THROW(parse_idx(Bytes{1, 0, 8, 1, 0, 0, 0, 0}, "a"), distinfer::InputError);
    EXPECT_THROW(parse_idx(Bytes{0, 0, 8, 0}, "a"), distinfer::InputError); // no axes
}

TEST(IdxTest, ExtentsBeyondSixtyFourBitsAreRefused)
{
    Bytes file{0, 0, 8, 3};
    file.resize(file.size() + 12, 0xFF);
    EXPECT_THROW(parse_idx(file, "a"), distinfer::InputError);
}

TEST(IdxTest, MessageNamesTheFile)
{
    try {
        parse_idx(Bytes{}, "images.gz");
        FAIL();
    } catch (distinfer::InputError const& error) {
        EXPECT_NE(std::string{error.what()}.find("images.gz"), std::string::npos);
    }
}

} // namespace fashion_mnist
