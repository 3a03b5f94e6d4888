#include "distinfer/io/chunk_codec.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

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

/// Copies `length` bytes from `distance` bytes before them, which may reach into what is written.
/// @param room bytes that may be written from `to` on; what is behind `length` is overwritten later
void copy_back(std::byte* to, std::size_t distance, std::size_t length, std::size_t room)
{
    constexpr std::size_t word = 8;
    std::byte const* const from = to - distance;
    if (distance >= word && room >= length + word) {
        // Runs are short: whole words, of which the last one may be too many, are quicker than their exact number.
        for (std::size_t i = 0; i < length; i += word) std::memcpy(to + i, from + i, word);
    } else {
        for (std::size_t i = 0; i < length; ++i) to[i] = from[i];
    }
}

/// A piece of LZF's output: literal bytes, or what stands `distance` bytes before it.
struct LzfRun
{
    std::size_t length = 0;
    std::size_t distance = 0;           ///< 0: literal
    std::byte const* literal = nullptr; ///< `length` bytes
};

class LzfReader
{
  public:
    explicit LzfReader(std::span<std::byte const> bytes) : bytes_(bytes) {}

    bool at_end() const { return at_ == bytes_.size(); }

    /// The next run; nothing where the data is cut short.
    std::optional<LzfRun> next()
    {
        auto const control = byte();
        return control < 32 ? literal(control + 1) : back_reference(control);
    }

  private:
    std::size_t byte() { return static_cast<std::size_t>(bytes_[at_++]); }

    std::optional<LzfRun> literal(std::size_t length)
    {
        if (length > bytes_.size() - at_) return std::nullopt;
        LzfRun const run{.length = length, .literal = bytes_.data() + at_};
        at_ += length;
        return run;
    }

    /// 3 bits of length (7: one more byte of it) and 13 bits of distance.
    std::optional<LzfRun> back_reference(std::size_t control)
    {
        bool const is_long = control >> 5U == 7;
        if (bytes_.size() - at_ < (is_long ? 2U : 1U)) return std::nullopt;
        std::size_t const length = (control >> 5U) + (is_long ? byte() : 0) + 2;
        return LzfRun{.length = length, .distance = ((control & 31U) << 8U) + byte() + 1};
    }

    std::span<std::byte const> bytes_;
    std::size_t at_ = 0;
};

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
    LzfReader reader{from};
    std::size_t out = 0;
    while (!reader.at_end()) {
        auto const run = reader.next();
        if (!run || run->length > to.size() - out || run->distance > out) return 0;
        if (run->distance == 0)
            std::memcpy(to.data() + out, run->literal, run->length);
        else
            copy_back(to.data() + out, run->distance, run->length, to.size() - out);
        out += run->length;
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
