#include "lzf.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace distinfer::bench
{

namespace
{

constexpr std::size_t shortest = 3;
constexpr std::size_t longest = 264;
constexpr std::size_t farthest = 8192;
constexpr std::size_t longest_literal = 32;
constexpr std::size_t slots = std::size_t{1} << 14U;

using Bytes = std::span<std::byte const>;

std::uint32_t three_bytes(Bytes from, std::size_t at)
{
    return static_cast<std::uint32_t>(from[at]) << 16U | static_cast<std::uint32_t>(from[at + 1]) << 8U |
           static_cast<std::uint32_t>(from[at + 2]);
}

std::size_t common(Bytes from, std::size_t a, std::size_t b)
{
    std::size_t length = 0;
    while (length < longest && b + length < from.size() && from[a + length] == from[b + length]) ++length;
    return length;
}

void put_literal(Bytes bytes, std::vector<std::byte>& to)
{
    while (!bytes.empty()) {
        auto const run = bytes.first(std::min(bytes.size(), longest_literal));
        to.push_back(static_cast<std::byte>(run.size() - 1));
        to.insert(to.end(), run.begin(), run.end());
        bytes = bytes.subspan(run.size());
    }
}

void put_reference(std::size_t distance, std::size_t length, std::vector<std::byte>& to)
{
    auto const high = (distance - 1) >> 8U;
    auto const code = length - 2;
    to.push_back(static_cast<std::byte>(std::min<std::size_t>(code, 7) << 5U | high));
    if (code >= 7) to.push_back(static_cast<std::byte>(code - 7));
    to.push_back(static_cast<std::byte>((distance - 1) & 0xffU));
}

} // namespace

std::vector<std::byte> compress_lzf(Bytes from)
{
    std::vector<std::byte> to;
    std::vector<std::size_t> last(slots, from.size()); // place where these three bytes stood last
    std::size_t literal = 0;
    std::size_t at = 0;
    while (at + shortest <= from.size()) {
        auto const place = std::exchange(last[three_bytes(from, at) * 2654435761U >> 18U], at);
        auto const length = place < at && at - place <= farthest ? common(from, place, at) : 0;
        if (length < shortest) {
            ++at;
            continue;
        }
        put_literal(from.subspan(literal, at - literal), to);
        put_reference(at - place, length, to);
        literal = at += length;
    }
    put_literal(from.subspan(literal), to);
    return to;
}

} // namespace distinfer::bench
