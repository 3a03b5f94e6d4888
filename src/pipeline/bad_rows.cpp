#include "distinfer/pipeline/bad_rows.hpp"

#include "distinfer/core/check.hpp"

#include <cstring>

namespace distinfer::pipeline
{

namespace
{

/// What stands in front of a reason.
struct Header
{
    std::uint64_t row;
    std::uint64_t bytes;
};

} // namespace

void WindowBadRows::put(std::uint64_t window, std::vector<BadRow> rows)
{
    std::lock_guard const lock{mutex_};
    if (rows.empty())
        windows_.erase(window);
    else
        windows_.insert_or_assign(window, std::move(rows));
}

std::vector<BadRow> WindowBadRows::take(std::uint64_t window)
{
    std::lock_guard const lock{mutex_};
    auto const node = windows_.extract(window);
    return node ? std::move(node.mapped()) : std::vector<BadRow>{};
}

std::string encode(std::vector<BadRow> const& rows)
{
    std::string bytes;
    for (auto const& [row, reason] : rows) {
        Header const header{row, reason.size()};
        auto const at = bytes.size();
        bytes.resize(at + sizeof header);
        std::memcpy(bytes.data() + at, &header, sizeof header);
        bytes += reason;
    }
    return bytes;
}

std::vector<BadRow> decode_bad_rows(std::string_view bytes)
{
    std::vector<BadRow> rows;
    while (!bytes.empty()) {
        Header header{};
        expects(bytes.size() >= sizeof header, "a bad row with its header");
        std::memcpy(&header, bytes.data(), sizeof header);
        bytes.remove_prefix(sizeof header);
        expects(header.bytes <= bytes.size(), "a bad row with its reason");
        rows.push_back({header.row, std::string{bytes.substr(0, header.bytes)}});
        bytes.remove_prefix(header.bytes);
    }
    return rows;
}

} // namespace distinfer::pipeline
