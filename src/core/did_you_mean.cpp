#include "distinfer/core/did_you_mean.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace distinfer
{

namespace
{

/// Edits (insert, delete, replace) that turn a into b: the usual two-row table.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row.back();
}

} // namespace

std::string_view nearest(std::string_view written, std::span<std::string_view const> known)
{
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, written.size() / 3) + 1;
    for (auto const word : known) {
        auto const d = distance(written, word);
        if (d < best_distance && d < word.size()) {
            best = word;
            best_distance = d;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view written, std::span<std::string_view const> known)
{
    auto const best = nearest(written, known);
    if (!best.empty()) return "did you mean '" + std::string{best} + "'?";
    std::string list = "known:";
    for (auto const word : known) list.append(list.back() == ':' ? " " : ", ").append(word);
    return list;
}

} // namespace distinfer
