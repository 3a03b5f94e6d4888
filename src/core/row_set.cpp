#include "distinfer/core/row_set.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>
#include <iterator>

namespace distinfer
{

void RowSet::add(RowRange rows)
{
    expects(rows.begin <= rows.end, "a range that does not run backwards");
    if (rows.empty()) return;
    auto next = ends_.upper_bound(rows.begin);
    if (next != ends_.begin() && std::prev(next)->second >= rows.begin) --next;
    while (next != ends_.end() && next->first <= rows.end) {
        rows = {std::min(rows.begin, next->first), std::max(rows.end, next->second)};
        size_ -= next->second - next->first;
        next = ends_.erase(next);
    }
    ends_.emplace_hint(next, rows.begin, rows.end);
    size_ += rows.size();
}

void RowSet::remove(RowRange rows)
{
    expects(rows.begin <= rows.end, "a range that does not run backwards");
    if (rows.empty()) return;
    auto next = ends_.upper_bound(rows.begin);
    if (next != ends_.begin() && std::prev(next)->second > rows.begin) --next;
    while (next != ends_.end() && next->first < rows.end) {
        auto const [begin, end] = *next;
        next = ends_.erase(next);
        size_ -= std::min(end, rows.end) - std::max(begin, rows.begin);
        if (begin < rows.begin) ends_.emplace(begin, rows.begin);
        if (end > rows.end) ends_.emplace(rows.end, end);
    }
}

bool RowSet::contains(RowRange rows) const
{
    if (rows.empty()) return true;
    auto const next = ends_.upper_bound(rows.begin);
    return next != ends_.begin() && std::prev(next)->second >= rows.end;
}

std::vector<RowRange> RowSet::missing(std::uint64_t total) const
{
    std::vector<RowRange> missing;
    std::uint64_t row = 0;
    for (auto const& [begin, end] : ends_) {
        if (begin >= total) break;
        if (row < begin) missing.push_back({row, begin});
        row = end;
    }
    if (row < total) missing.push_back({row, total});
    return missing;
}

std::vector<RowRange> RowSet::ranges() const
{
    std::vector<RowRange> ranges;
    for (auto const& [begin, end] : ends_) ranges.push_back({begin, end});
    return ranges;
}

} // namespace distinfer
