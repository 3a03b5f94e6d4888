#include "distinfer/core/elements.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

namespace distinfer
{

namespace
{

/// What a floating type has that is special, as bits.
struct Special
{
    DType dtype;
    std::uint64_t one, largest, smallest_subnormal, infinity, quiet_nan, signalling_nan;
};

constexpr std::array<Special, 4> floats{{
    {DType::float16, 0x3C00, 0x7BFF, 1, 0x7C00, 0x7E00, 0x7C01},
    {DType::bfloat16, 0x3F80, 0x7F7F, 1, 0x7F80, 0x7FC0, 0x7F81},
    {DType::float32, 0x3F800000, 0x7F7FFFFF, 1, 0x7F800000, 0x7FC00000, 0x7F800001},
    {DType::float64, 0x3FF0000000000000, 0x7FEFFFFFFFFFFFFF, 1, 0x7FF0000000000000, 0x7FF8000000000000,
     0x7FF0000000000001},
}};

/// Seven elements of one value, on an address that is no multiple of their size, with another in a place.
class Elements
{
  public:
    Elements(DType dtype, std::uint64_t value) : size_(element_bytes(dtype)), bytes_(1 + 7 * size_)
    {
        for (std::size_t i = 0; i < 7; ++i) set(i, value);
    }

    void set(std::size_t place, std::uint64_t bits) { std::memcpy(bytes_.data() + 1 + place * size_, &bits, size_); }
    std::span<std::byte> span() { return std::span{bytes_}.subspan(1); }

  private:
    std::size_t size_;
    std::vector<std::byte> bytes_;
};

std::uint64_t negative(DType dtype, std::uint64_t bits)
{
    return bits | std::uint64_t{1} << (8 * element_bytes(dtype) - 1);
}

} // namespace

TEST(ElementsTest, NotFiniteIsFoundInAnyPlaceOfEveryFloatingType)
{
    for (auto const& special : floats)
        for (std::size_t place = 0; place < 7; ++place)
            for (auto const bits : {special.infinity, special.quiet_nan, special.signalling_nan})
                for (auto const value : {bits, negative(special.dtype, bits)}) {
                    Elements elements{special.dtype, special.one};
                    elements.set(place, value);
                    EXPECT_TRUE(has_nonfinite(special.dtype, elements.span())) << name_of(special.dtype);
                    EXPECT_EQ(has_nan(special.dtype, elements.span()), bits != special.infinity);
                }
}

TEST(ElementsTest, EveryFiniteNumberIsFinite)
{
    for (auto const& special : floats)
        for (auto const bits : {std::uint64_t{0}, special.one, special.largest, special.smallest_subnormal})
            for (auto const value : {bits, negative(special.dtype, bits)})
                EXPECT_FALSE(has_nonfinite(special.dtype, Elements{special.dtype, value}.span()))
                    << name_of(special.dtype) << " " << std::hex << value;
}

/// Whatever bits an integer has, it is a number.
TEST(ElementsTest, IntegersAreFinite)
{
    for (auto const name : dtype_names()) {
        auto const dtype = *parse_dtype(name);
        if (is_floating(dtype)) continue;
        for (auto const& special : floats) {
            EXPECT_FALSE(has_nonfinite(dtype, Elements{dtype, special.infinity}.span())) << name;
            EXPECT_FALSE(has_nan(dtype, Elements{dtype, UINT64_MAX}.span())) << name;
        }
    }
    EXPECT_FALSE(has_nonfinite(DType::float32, {}));
}

TEST(ElementsTest, TheFillValueIsNanOrZero)
{
    for (auto const name : dtype_names()) {
        auto const dtype = *parse_dtype(name);
        Elements elements{dtype, 0x0101010101010101};
        fill_elements(dtype, elements.span());
        std::uint64_t wanted = 0;
        for (auto const& special : floats)
            if (special.dtype == dtype) wanted = special.quiet_nan;
        for (std::size_t i = 0; i < 7; ++i) {
            std::uint64_t bits = 0;
            auto const size = element_bytes(dtype);
            std::memcpy(&bits, elements.span().data() + i * size, size);
            EXPECT_EQ(bits, wanted) << name;
        }
    }
}

} // namespace distinfer
