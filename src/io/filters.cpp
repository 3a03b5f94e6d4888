#include "distinfer/io/chunk_codec.hpp"

#include <algorithm>
#include <cstring>

namespace distinfer::io
{

namespace
{

template <std::size_t element>
void unshuffle_fixed(std::byte const* from, std::byte* to, std::size_t elements)
{
    for (std::size_t i = 0; i < elements; ++i)
        for (std::size_t plane = 0; plane < element; ++plane) to[i * element + plane] = from[plane * elements + i];
}

/// Copies one byte at a time, since a back reference may reach into what it writes.
void copy_back(std::byte* to, std::size_t distance, std::size_t length)
{
    for (std::size_t i = 0; i < length; ++i) to[i] = to[i - distance];
}

} // namespace

void unshuffle(std::span<std::byte const> from, std::span<std::byte> to, std::uint64_t element_bytes)
{
    std::size_t const elements = element_bytes == 0 ? 0 : from.size() / element_bytes;
    std::size_t const whole = elements * element_bytes;
    switch (element_bytes) {
    case 2:
        unshuffle_fixed<2>(from.data(), to.data(), elements);
        break;
    case 4:
        unshuffle_fixed<4>(from.data(), to.data(), elements);
        break;
    case 8:
        unshuffle_fixed<8>(from.data(), to.data(), elements);
        break;
    default:
        for (std::size_t i = 0; i < elements; ++i)
            for (std::size_t plane = 0; plane < element_bytes; ++plane)
                to[i * element_bytes + plane] = from[plane * elements + i];
    }
    std::copy(from.begin() + static_cast<std::ptrdiff_t>(whole), from.end(),
              to.begin() + static_cast<std::ptrdiff_t>(whole));
}

std::size_t expand_lzf(std::span<std::byte const> from, std::span<std::byte> to)
{
    std::size_t in = 0;
    std::size_t out = 0;
    auto const next = [&] { return static_cast<std::size_t>(from[in++]); };
    while (in < from.size()) {
        std::size_t const control = next();
        if (control < 32) { // a run of control + 1 literal bytes
            std::size_t const length = control + 1;
            if (in + length > from.size() || out + length > to.size()) return 0;
            std::memcpy(to.data() + out, from.data() + in, length);
            in += length;
            out += length;
            continue;
        }
        // A back reference: 3 bits of length (7: one more byte of it) and 13 bits of distance.
        std::size_t length = control >> 5;
        if (length == 7) {
            if (in >= from.size()) return 0;
            length += next();
        }
        if (in >= from.size()) return 0;
        std::size_t const distance = ((control & 31) << 8) + next() + 1;
        length += 2;
        if (distance > out || out + length > to.size()) return 0;
        copy_back(to.data() + out, distance, length);
        out += length;
    }
    return out;
}

std::uint32_t fletcher32(std::span<std::byte const> bytes)
{
    std::uint64_t sum1 = 0;
    std::uint64_t sum2 = 0;
    std::size_t at = 0;
    std::size_t words = bytes.size() / 2;
    while (words > 0) {
        // 360 words are the most that fit before 32-bit sums would overflow; the method is Fletcher's, as HDF5 has it.
        for (std::size_t run = std::min<std::size_t>(words, 360); run > 0; --run, --words, at += 2) {
            sum1 += (static_cast<std::uint64_t>(bytes[at]) << 8) | static_cast<std::uint64_t>(bytes[at + 1]);
            sum2 += sum1;
        }
        sum1 = (sum1 & 0xffff) + (sum1 >> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    }
    if (bytes.size() % 2 != 0) {
        sum1 += static_cast<std::uint64_t>(bytes[at]) << 8;
        sum2 += sum1;
        sum1 = (sum1 & 0xffff) + (sum1 >> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    }
    sum1 = (sum1 & 0xffff) + (sum1 >> 16);
    sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    return static_cast<std::uint32_t>(sum2 << 16 | sum1);
}

} // namespace distinfer::io
