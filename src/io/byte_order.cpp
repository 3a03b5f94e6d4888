#include "byte_order.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace distinfer::io
{

namespace
{

template <class Word>
Word swapped(Word word)
{
    if constexpr (sizeof(Word) == 2) return __builtin_bswap16(word);
    if constexpr (sizeof(Word) == 4) return __builtin_bswap32(word);
    if constexpr (sizeof(Word) == 8) return __builtin_bswap64(word);
}

template <class Word>
void swap_words(std::span<std::byte> bytes)
{
    for (std::size_t at = 0; at + sizeof(Word) <= bytes.size(); at += sizeof(Word)) {
        Word word{};
        std::memcpy(&word, bytes.data() + at, sizeof word);
        word = swapped(word);
        std::memcpy(bytes.data() + at, &word, sizeof word);
    }
}

} // namespace

void swap_bytes(std::span<std::byte> bytes, std::size_t element_bytes)
{
    if (element_bytes == 2) swap_words<std::uint16_t>(bytes);
    if (element_bytes == 4) swap_words<std::uint32_t>(bytes);
    if (element_bytes == 8) swap_words<std::uint64_t>(bytes);
}

void make_booleans(std::span<std::byte> bytes)
{
    for (auto& byte : bytes) byte = byte == std::byte{0} ? std::byte{0} : std::byte{1};
}

} // namespace distinfer::io
