#include "distinfer/pipeline/bisect.hpp"

namespace distinfer::pipeline
{

namespace
{

/// @pre the rows have failed
void search(RowRange rows, std::string why, Trial const& trial, std::vector<BadRow>& found)
{
    if (rows.size() == 1) {
        found.push_back({rows.begin, std::move(why)});
        return;
    }
    auto const middle = rows.begin + rows.size() / 2;
    // Both are tried, whatever becomes of the first: each may have bad rows.
    for (RowRange const half : {RowRange{rows.begin, middle}, RowRange{middle, rows.end}})
        if (auto reason = trial(half)) search(half, std::move(*reason), trial, found);
}

} // namespace

std::vector<BadRow> find_bad_rows(std::uint64_t rows, std::string why, Trial const& trial)
{
    std::vector<BadRow> found;
    if (rows > 0) search({0, rows}, std::move(why), trial, found);
    return found;
}

} // namespace distinfer::pipeline
