#include "archive_sizes.hpp"

#include "distinfer/core/error.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace distinfer::model
{

namespace
{

using Bytes = std::span<std::byte const>;

/// A little-endian integer of the file; 0 where the file ends before it.
template <class Integer>
std::uint64_t number(Bytes bytes, std::uint64_t at)
{
    Integer value = 0;
    if (at > bytes.size() || bytes.size() - at < sizeof value) return 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

bool has_signature(Bytes bytes, std::uint64_t at, std::uint32_t signature)
{
    return number<std::uint32_t>(bytes, at) == signature;
}

/// Where directories of the archive may begin. Readers differ about which of the records at the end of a file counts.
std::vector<std::uint64_t> directories_of(Bytes file)
{
    constexpr std::uint64_t searched = 70'000; // a comment of 64 KiB may stand behind the record
    constexpr std::uint64_t locator = 20;      // bytes
    std::vector<std::uint64_t> found;
    for (auto at = file.size() - std::min<std::uint64_t>(file.size(), searched); at < file.size(); ++at) {
        if (!has_signature(file, at, 0x06054b50)) continue;
        found.push_back(number<std::uint32_t>(file, at + 16));
        // An archive of more than 4 GiB, and every one of PyTorch, has a second such record, and says here where.
        if (at >= locator && has_signature(file, at - locator, 0x07064b50))
            found.push_back(number<std::uint64_t>(file, number<std::uint64_t>(file, at - locator + 8) + 48));
    }
    return found;
}

struct Entry
{
    std::uint64_t packed = 0;
    std::uint64_t unpacked = 0;
    bool is_stored = false; ///< without compression
};

/// Sizes beyond 32 bits stand in an extra field, in this order.
void take_large_sizes(Bytes extra, Entry& entry)
{
    constexpr auto large = UINT32_MAX;
    for (std::uint64_t at = 0; at + 4 <= extra.size(); at += 4 + number<std::uint16_t>(extra, at + 2)) {
        if (number<std::uint16_t>(extra, at) != 1) continue;
        auto field = at + 4;
        for (auto* const size : {&entry.unpacked, &entry.packed}) {
            if (*size != large) continue;
            *size = number<std::uint64_t>(extra, field);
            field += 8;
        }
        return;
    }
}

bool is_sound(Entry const& entry, std::uint64_t file_bytes)
{
    constexpr std::uint64_t most = 1100; // deflate shrinks zeros 1032 times
    if (entry.packed > file_bytes) return false;
    return entry.is_stored ? entry.unpacked == entry.packed : entry.unpacked / most <= entry.packed;
}

void check_directory(Bytes file, std::uint64_t at, std::string const& name)
{
    constexpr std::uint64_t head = 46; // bytes of an entry before its name
    while (at < file.size() && file.size() - at >= head && has_signature(file, at, 0x02014b50)) {
        auto const name_bytes = number<std::uint16_t>(file, at + 28);
        auto const extra_bytes = number<std::uint16_t>(file, at + 30);
        Entry entry{.packed = number<std::uint32_t>(file, at + 20),
                    .unpacked = number<std::uint32_t>(file, at + 24),
                    .is_stored = number<std::uint16_t>(file, at + 10) == 0};
        auto const behind = std::min<std::uint64_t>(at + head + name_bytes, file.size());
        take_large_sizes(file.subspan(behind, std::min<std::uint64_t>(extra_bytes, file.size() - behind)), entry);
        if (!is_sound(entry, file.size()))
            throw ModelError(name + " cannot be read",
                             "it is corrupt: an entry of " + std::to_string(entry.packed) + " bytes says to hold " +
                                 std::to_string(entry.unpacked),
                             "copy or export it again");
        at = behind + extra_bytes + number<std::uint16_t>(file, at + 32);
    }
}

} // namespace

void require_sound_sizes(Bytes file, std::string const& name)
{
    for (auto const directory : directories_of(file)) check_directory(file, directory, name);
}

} // namespace distinfer::model
