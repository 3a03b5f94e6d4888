#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

/// What a fuzz target defines, by libFuzzer's convention: takes any bytes, and returns 0. It may throw nothing.
extern "C" int
LLVMFuzzerTestOneInput(std::uint8_t const* data, // NOLINT(readability-identifier-naming) libFuzzer's name
                       std::size_t size);

namespace distinfer::fuzz
{

using Input = std::vector<std::byte>;

inline void run_one(std::span<std::byte const> input)
{
    // Memory of exactly this size, so that the address sanitizer sees every byte beyond.
    std::vector<std::uint8_t> copy;
    copy.reserve(input.size());
    for (auto const byte : input) copy.push_back(std::to_integer<std::uint8_t>(byte));
    LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

/// Ends the process where a target's promise does not hold for an input.
inline void require(bool holds, char const* what)
{
    if (holds) return;
    std::fprintf(stderr, "fuzz: broken: %s\n", what);
    std::abort();
}

/// Numbers from the front of an input, as a target needs them to set up what it tries; zeros where the input ends.
class Choices
{
  public:
    explicit Choices(std::span<std::byte const> input) noexcept : rest_(input) {}
    Choices(std::uint8_t const* data, std::size_t size) noexcept : rest_(std::as_bytes(std::span{data, size})) {}

    /// first .. last
    std::uint32_t between(std::uint32_t first, std::uint32_t last) { return first + byte() % (last - first + 1); }

    std::span<std::byte const> rest() const noexcept { return rest_; }

  private:
    std::uint32_t byte()
    {
        if (rest_.empty()) return 0;
        auto const value = std::to_integer<std::uint32_t>(rest_.front());
        rest_ = rest_.subspan(1);
        return value;
    }

    std::span<std::byte const> rest_;
};

} // namespace distinfer::fuzz
