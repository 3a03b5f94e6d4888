#include "distinfer/core/elements.hpp"

#include <cstdint>
#include <cstring>

namespace distinfer
{

namespace
{

/// How a floating type is laid out: the bits of its exponent, which all are 1 in what is not finite.
template <class Integer, Integer exponent_bits, Integer nan_bits>
struct Layout
{
    using Bits = Integer;
    static constexpr Integer exponent = exponent_bits;
    static constexpr Integer nan = nan_bits; ///< the quiet one that processors make
    static constexpr Integer magnitude = static_cast<Integer>(~Integer{0}) >> 1U;
};

using Float16 = Layout<std::uint16_t, 0x7C00, 0x7E00>;
using Bfloat16 = Layout<std::uint16_t, 0x7F80, 0x7FC0>;
using Float32 = Layout<std::uint32_t, 0x7F800000, 0x7FC00000>;
using Float64 = Layout<std::uint64_t, 0x7FF0000000000000, 0x7FF8000000000000>;

/// Calls with the layout of a floating type; gives `otherwise` for the other types.
template <class Call, class Result>
Result with_layout(DType dtype, Call const& call, Result otherwise)
{
    switch (dtype) {
    case DType::float16:
        return call(Float16{});
    case DType::bfloat16:
        return call(Bfloat16{});
    case DType::float32:
        return call(Float32{});
    case DType::float64:
        return call(Float64{});
    default:
        return otherwise;
    }
}

/// Whether the magnitude of an element is `least` or more. Without a branch in the loop, so that it is vectorised.
template <class Bits>
bool any_from(Bits least, Bits magnitude, std::span<std::byte const> elements)
{
    std::size_t const count = elements.size() / sizeof(Bits);
    unsigned found = 0;
    for (std::size_t i = 0; i < count; ++i) {
        Bits bits = 0;
        std::memcpy(&bits, elements.data() + i * sizeof bits, sizeof bits);
        found |= static_cast<unsigned>((bits & magnitude) >= least);
    }
    return found != 0;
}

} // namespace

bool is_floating(DType dtype)
{
    return with_layout(
        dtype, [](auto) { return true; }, false);
}

bool has_nonfinite(DType dtype, std::span<std::byte const> elements)
{
    auto const look = [&](auto layout) { return any_from(layout.exponent, layout.magnitude, elements); };
    return with_layout(dtype, look, false);
}

bool has_nan(DType dtype, std::span<std::byte const> elements)
{
    auto const look = [&](auto layout) {
        using Bits = typename decltype(layout)::Bits;
        return any_from(static_cast<Bits>(layout.exponent + 1), layout.magnitude, elements);
    };
    return with_layout(dtype, look, false);
}

void fill_elements(DType dtype, std::span<std::byte> elements)
{
    auto const fill = [&](auto layout) {
        auto const nan = layout.nan;
        for (std::size_t at = 0; at + sizeof nan <= elements.size(); at += sizeof nan)
            std::memcpy(elements.data() + at, &nan, sizeof nan);
        return true;
    };
    if (!with_layout(dtype, fill, false) && !elements.empty()) std::memset(elements.data(), 0, elements.size());
}

} // namespace distinfer
