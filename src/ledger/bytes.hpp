#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace distinfer::ledger
{

/// What the parts of a ledger are a multiple of, in bytes.
inline constexpr std::uint64_t part_alignment = 8;

constexpr std::uint64_t padded(std::uint64_t bytes)
{
    return (bytes + part_alignment - 1) / part_alignment * part_alignment;
}

/// Puts integers, low byte first, and bytes behind one another.
class ByteWriter
{
  public:
    void u32(std::uint32_t value) { integer(value, 4); }
    void u64(std::uint64_t value) { integer(value, 8); }
    void text(std::string_view text) { bytes(std::as_bytes(std::span{text})); }
    void bytes(std::span<std::byte const> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
    void pad() { bytes_.resize(padded(bytes_.size())); }

    std::vector<std::byte> const& get() const noexcept { return bytes_; }

  private:
    void integer(std::uint64_t value, int bytes)
    {
        for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
    }

    std::vector<std::byte> bytes_;
};

/// Takes them again. Where the bytes end too early it gives zeros and nothing, and says so in ok().
class ByteReader
{
  public:
    explicit ByteReader(std::span<std::byte const> bytes) noexcept : rest_(bytes) {}

    std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }
    std::uint64_t u64() { return integer(8); }

    std::span<std::byte const> bytes(std::uint64_t count)
    {
        ok_ = ok_ && count <= rest_.size();
        if (!ok_) return {};
        auto const taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    std::string text(std::uint64_t count)
    {
        std::string text;
        for (auto const byte : bytes(count)) text.push_back(static_cast<char>(byte));
        return text;
    }

    bool ok() const noexcept { return ok_; }
    std::uint64_t left() const noexcept { return rest_.size(); }

  private:
    std::uint64_t integer(std::uint64_t count)
    {
        std::uint64_t value = 0;
        unsigned shift = 0;
        for (auto const byte : bytes(count)) {
            value |= std::to_integer<std::uint64_t>(byte) << shift;
            shift += 8;
        }
        return value;
    }

    std::span<std::byte const> rest_;
    bool ok_ = true;
};

} // namespace distinfer::ledger
