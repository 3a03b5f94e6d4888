#include "batch_runner.hpp"

#include "distinfer/core/elements.hpp"
#include "distinfer/core/fail_point.hpp"

#include <algorithm>

namespace distinfer::pipeline
{

namespace
{

constexpr auto how_to_go_on = "run.on_bad_row: skip goes on without such rows";

} // namespace

BatchRunner::BatchRunner(Job const& job, Model& model) : job_(job), model_(model), salvage_(job, model) {}

std::vector<BadRow> BatchRunner::run(std::uint64_t window, std::span<std::byte const> in, std::span<std::byte> out)
{
    RowRange const rows = job_.windows.window(window);
    std::vector<BadRow> bad;
    for (RowRange const batch : job_.windows.batches(window)) {
        fail_point("infer");
        auto const first = batch.begin - rows.begin;
        inputs_ = tensors_at(in.data(), job_.inputs, rows.size(), first);
        outputs_ = tensors_at(out.data(), job_.outputs, rows.size(), first);
        for (auto& row : run_batch(batch)) {
            for (std::size_t i = 0; i < outputs_.size(); ++i)
                fill_elements(job_.outputs.specs()[i].dtype, output(i, row.row - batch.begin, 1));
            bad.push_back(std::move(row));
        }
    }
    return bad;
}

std::vector<BadRow> BatchRunner::run_batch(RowRange batch)
{
    std::vector<BadRow> bad;
    try {
        model_.run(batch.size(), inputs_, outputs_);
    } catch (RefusedBatch const& refused) {
        if (!job_.skip_bad_rows)
            throw ModelError("the model failed on " + job_.name_rows(batch), refused.what(), how_to_go_on);
        bad = salvage_.run(batch, inputs_, outputs_, refused);
    } catch (ModelError const& error) {
        throw ModelError("the model failed on " + job_.name_rows(batch), error.what());
    }
    if (job_.refuse_nonfinite && is_nonfinite(batch.size())) return refuse_nonfinite(batch, bad);
    return bad;
}

bool BatchRunner::is_nonfinite(std::uint64_t rows) const
{
    for (std::size_t i = 0; i < outputs_.size(); ++i)
        if (has_nonfinite(job_.outputs.specs()[i].dtype, output(i, 0, rows))) return true;
    return false;
}

/// Adds the rows whose result is not finite; what stands in the place of a bad row is no result.
std::vector<BadRow> BatchRunner::refuse_nonfinite(RowRange batch, std::vector<BadRow> const& bad) const
{
    std::vector<BadRow> all;
    auto next = bad.begin();
    for (auto row = batch.begin; row < batch.end; ++row) {
        if (next != bad.end() && next->row == row) {
            all.push_back(*next++);
            continue;
        }
        auto reason = nonfinite_in(row - batch.begin);
        if (reason.empty()) continue;
        if (!job_.skip_bad_rows)
            throw ModelError("a result of " + job_.name_rows({row, row + 1}) + " is refused", reason, how_to_go_on);
        all.push_back({row, std::move(reason)});
    }
    return all;
}

/// "NaN in /y", or nothing where the row's result is finite.
std::string BatchRunner::nonfinite_in(std::uint64_t row) const
{
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
        auto const dtype = job_.outputs.specs()[i].dtype;
        if (!has_nonfinite(dtype, output(i, row, 1))) continue;
        auto const what = has_nan(dtype, output(i, row, 1)) ? "NaN" : "infinity";
        return row_reason(std::string{what} + " in " + job_.output_names.at(i));
    }
    return {};
}

/// Rows of the batch, counted in it.
std::span<std::byte> BatchRunner::output(std::size_t tensor, std::uint64_t row, std::uint64_t rows) const
{
    auto const bytes = job_.outputs.row_bytes(tensor);
    return {outputs_[tensor] + row * bytes, rows * bytes};
}

} // namespace distinfer::pipeline
