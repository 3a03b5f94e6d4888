#include "support/fakes.hpp"

#include "distinfer/core/error.hpp"

#include <algorithm>
#include <cstring>

namespace distinfer::test
{

CountingSource::CountingSource(std::uint64_t rows, std::optional<std::uint64_t> fail_at)
    : rows_(rows), fail_at_(fail_at), layout_({{DType::int64, {}}})
{}

std::uint64_t CountingSource::wire_bytes(RowRange rows)
{
    return layout_.bytes(rows.size());
}

void CountingSource::fetch(RowRange rows, std::span<std::byte> wire)
{
    for (std::uint64_t row = rows.begin; row < rows.end; ++row) {
        if (row == fail_at_) throw InputError("cannot read row " + std::to_string(row));
        std::memcpy(wire.data() + (row - rows.begin) * 8, &row, 8);
    }
}

void NoDecoder::decode(RowRange, std::span<std::byte const>, std::span<std::byte>)
{
    throw InternalError("a window that is not to be decoded");
}

std::uint64_t InvertingSource::wire_bytes(RowRange rows)
{
    return 9 * rows.size();
}

void InvertingSource::fetch(RowRange rows, std::span<std::byte> wire)
{
    CountingSource::fetch(rows, wire);
    for (auto& byte : wire.first(8 * rows.size())) byte = ~byte;
}

void InvertingDecoder::decode(RowRange rows, std::span<std::byte const> wire, std::span<std::byte> window)
{
    if (fail_at_ && rows.begin <= *fail_at_ && *fail_at_ < rows.end)
        throw InputError("cannot decode row " + std::to_string(*fail_at_));
    std::transform(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(8 * rows.size()), window.begin(),
                   [](std::byte byte) { return ~byte; });
}

std::vector<NamedTensor> BatchAwareModel::probe(std::uint64_t, std::span<std::byte const* const>)
{
    return {{"/values", {DType::int64, {}}}, {"/batch_rows", {DType::uint8, {}}}};
}

void BatchAwareModel::run(std::uint64_t rows, std::span<std::byte const* const> inputs,
                          std::span<std::byte* const> outputs)
{
    std::vector<std::int64_t> x(rows);
    std::memcpy(x.data(), inputs[0], rows * 8);
    auto const count = static_cast<std::uint8_t>(rows);
    for (std::uint64_t i = 0; i < rows; ++i) {
        if (fail_at_.contains(x[i])) throw RefusedBatch("the fake model fails at " + std::to_string(x[i]));
        std::int64_t const y = 3 * x[i] + x[0];
        std::memcpy(outputs[0] + i * 8, &y, 8);
        std::memcpy(outputs[1] + i, &count, 1);
    }
}

std::int64_t BatchAwareModel::expected(std::uint64_t row, std::uint64_t batch)
{
    return static_cast<std::int64_t>(3 * row + row / batch * batch);
}

std::uint8_t BatchAwareModel::expected_batch_rows(std::uint64_t row, std::uint64_t batch, std::uint64_t rows)
{
    return static_cast<std::uint8_t>(std::min(batch, rows - row / batch * batch));
}

MemorySink::MemorySink(std::uint64_t rows, std::optional<std::uint64_t> fail_at)
    : values(rows), batch_rows(rows), times_stored(rows), fail_at_(fail_at)
{}

void MemorySink::store(RowRange rows, std::span<std::byte const> window)
{
    PayloadLayout const layout = batch_aware_outputs();
    std::byte const* second = window.data() + layout.offset(1, rows.size());
    for (std::uint64_t row = rows.begin; row < rows.end; ++row) {
        if (row == fail_at_) throw OutputError("cannot write row " + std::to_string(row));
        std::memcpy(&values[row], window.data() + (row - rows.begin) * 8, 8);
        std::memcpy(&batch_rows[row], second + (row - rows.begin), 1);
        ++times_stored[row];
    }
}

PayloadLayout batch_aware_outputs()
{
    return PayloadLayout{{{DType::int64, {}}, {DType::uint8, {}}}};
}

} // namespace distinfer::test
