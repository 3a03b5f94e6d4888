#include "salvage.hpp"

#include "distinfer/core/log.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/pipeline/bisect.hpp"

#include <algorithm>
#include <cstring>

namespace distinfer::pipeline
{

namespace
{

/// All rows of a batch that cannot be run although the rows that were found are out of it.
std::vector<BadRow> all_rows(std::uint64_t rows, std::vector<BadRow> const& found, std::string const& why)
{
    std::vector<BadRow> all;
    for (std::uint64_t row = 0; row < rows; ++row) all.push_back({row, row_reason("together with others: " + why)});
    for (auto const& bad : found) all[bad.row].reason = bad.reason;
    return all;
}

} // namespace

Salvage::Salvage(Job const& job, Model& model) : job_(job), model_(model) {}

std::vector<BadRow> Salvage::run(RowRange batch, std::span<std::byte const* const> inputs,
                                 std::span<std::byte* const> outputs, RefusedBatch const& refused)
{
    auto const rows = batch.size();
    auto why = attempt(rows, inputs, outputs);
    if (!why) {
        log::warning("the model failed on " + job_.name_rows(batch) + ", and did not when it was tried again (" +
                     row_reason(refused.reason()) + ")");
        return {};
    }
    make_room(rows);
    auto bad = find_bad_rows(rows, std::move(*why), [&](RowRange tried) {
        std::vector<bool> kept(rows, false);
        for (auto row = tried.begin; row < tried.end; ++row) kept[row] = true;
        return run_with_only(kept, inputs, trial_outputs_);
    });
    std::vector<bool> good(rows, true);
    for (auto const& [row, reason] : bad) good[row] = false;
    if (bad.size() < rows)
        if (auto const still = run_with_only(good, inputs, outputs)) bad = all_rows(rows, bad, *still);
    for (auto& row : bad) row.row += batch.begin;
    return bad;
}

void Salvage::make_room(std::uint64_t rows)
{
    input_.resize(job_.inputs.bytes(rows));
    output_.resize(job_.outputs.bytes(rows));
    trial_inputs_.clear();
    trial_outputs_.clear();
    for (std::size_t i = 0; i < job_.inputs.tensors(); ++i)
        trial_inputs_.push_back(input_.span().data() + job_.inputs.offset(i, rows));
    for (std::size_t i = 0; i < job_.outputs.tensors(); ++i)
        trial_outputs_.push_back(output_.span().data() + job_.outputs.offset(i, rows));
}

/// @returns the line that says why the model failed, or nothing
std::optional<std::string> Salvage::attempt(std::uint64_t rows, std::span<std::byte const* const> inputs,
                                            std::span<std::byte* const> outputs)
{
    try {
        model_.run(rows, inputs, outputs);
        return std::nullopt;
    } catch (RefusedBatch const& refused) {
        return row_reason(refused.reason());
    }
}

/// Runs the batch with copies of the first row that is kept in the places of those that are not. @pre one is kept
std::optional<std::string> Salvage::run_with_only(std::vector<bool> const& kept,
                                                  std::span<std::byte const* const> inputs,
                                                  std::span<std::byte* const> outputs)
{
    auto const rows = kept.size();
    auto const first = narrow<std::size_t>(std::ranges::find(kept, true) - kept.begin());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        auto const bytes = job_.inputs.row_bytes(i);
        auto* const to = input_.span().data() + job_.inputs.offset(i, rows);
        for (std::size_t row = 0; row < rows && bytes > 0; ++row)
            std::memcpy(to + row * bytes, inputs[i] + (kept[row] ? row : first) * bytes, bytes);
    }
    return attempt(rows, trial_inputs_, outputs);
}

} // namespace distinfer::pipeline
