#include "distinfer/app/probe.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace distinfer::app
{

namespace
{

/// Why the model fails on a batch, or nothing.
std::optional<std::string> failure_on(Model& model, PayloadLayout const& inputs, std::uint64_t rows,
                                      std::span<std::byte const> batch)
{
    try {
        model.probe(rows, tensors_at(batch.data(), inputs, rows));
        return std::nullopt;
    } catch (RefusedBatch const& refused) {
        return refused.reason();
    }
}

/// A batch of copies of a row.
std::vector<std::byte> copies(PayloadLayout const& inputs, std::span<std::byte const> row, std::uint64_t rows)
{
    std::vector<std::byte> batch(inputs.bytes(rows));
    for (std::size_t i = 0; i < inputs.tensors(); ++i) {
        auto const bytes = inputs.row_bytes(i);
        for (std::uint64_t copy = 0; copy < rows && bytes > 0; ++copy)
            std::memcpy(batch.data() + inputs.offset(i, rows) + copy * bytes, row.data() + inputs.offset(i, 1), bytes);
    }
    return batch;
}

} // namespace

std::vector<NamedTensor> probe(Model& model, PayloadLayout const& inputs, RowRange rows,
                               std::span<std::byte const> batch, NameRows const& name_rows)
{
    try {
        return model.probe(rows.size(), tensors_at(batch.data(), inputs, rows.size()));
    } catch (RefusedBatch const& refused) {
        throw ModelError("the model failed on " + name_rows(rows), refused.what(),
                         "run.on_bad_row: skip goes on without bad rows");
    }
}

std::vector<std::byte> batch_that_works(Model& model, PayloadLayout const& inputs, std::vector<std::byte> first,
                                        std::uint64_t rows, std::uint64_t total, ReadRows const& read)
{
    auto why = failure_on(model, inputs, rows, first);
    if (!why) return first;
    auto const tried = std::min(total, most_rows_probed);
    for (std::uint64_t row = 0; row < tried; ++row) {
        auto batch = copies(inputs, read({row, row + 1}), rows);
        why = failure_on(model, inputs, rows, batch);
        if (!why) return batch;
    }
    throw ModelError("the model fails on each of the first " + std::to_string(tried) + " rows", *why,
                     "see whether it fits the data");
}

} // namespace distinfer::app
