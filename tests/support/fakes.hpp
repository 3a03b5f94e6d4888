#pragma once

#include "distinfer/core/decoder.hpp"
#include "distinfer/core/model.hpp"
#include "distinfer/core/sink.hpp"
#include "distinfer/core/source.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace distinfer::test
{

/// Rows of one int64: row i holds i. Can fail at a row.
class CountingSource : public Source
{
  public:
    explicit CountingSource(std::uint64_t rows, std::optional<std::uint64_t> fail_at = std::nullopt);

    std::uint64_t rows() const override { return rows_; }
    PayloadLayout const& layout() const override { return layout_; }
    std::uint64_t wire_bytes(RowRange rows) override;
    void fetch(RowRange rows, std::span<std::byte> wire) override;

  private:
    std::uint64_t rows_;
    std::optional<std::uint64_t> fail_at_;
    PayloadLayout layout_;
};

/// For windows that travel as they are.
class NoDecoder : public Decoder
{
  public:
    bool needed() const override { return false; }
    void decode(RowRange rows, std::span<std::byte const> wire, std::span<std::byte> window) override;
};

/// Rows of a CountingSource travel with every bit turned, and as many bytes too many as the window has rows. The
/// decoder turns them back, and can fail at a row.
class InvertingSource : public CountingSource
{
  public:
    using CountingSource::CountingSource;

    std::uint64_t wire_bytes(RowRange rows) override;
    void fetch(RowRange rows, std::span<std::byte> wire) override;
};

class InvertingDecoder : public Decoder
{
  public:
    explicit InvertingDecoder(std::optional<std::uint64_t> fail_at = std::nullopt) : fail_at_(fail_at) {}

    bool needed() const override { return true; }
    void decode(RowRange rows, std::span<std::byte const> wire, std::span<std::byte> window) override;

  private:
    std::optional<std::uint64_t> fail_at_;
};

/// Row x becomes two outputs: 3x + the first x of its batch, and the batch's rows; so a row that meets the model in
/// another batch shows. Can fail at rows.
class BatchAwareModel : public Model
{
  public:
    explicit BatchAwareModel(std::optional<std::int64_t> fail_at = std::nullopt)
    {
        if (fail_at) fail_at_.insert(*fail_at);
    }
    explicit BatchAwareModel(std::set<std::int64_t> fail_at) : fail_at_(std::move(fail_at)) {}

    int lanes() const override { return lane_count; }
    std::vector<NamedTensor> probe(std::uint64_t rows, std::span<std::byte const* const> inputs) override;
    void run(std::uint64_t rows, std::span<std::byte const* const> inputs,
             std::span<std::byte* const> outputs) override;

    /// What row i must become under that batch size, for N rows.
    static std::int64_t expected(std::uint64_t row, std::uint64_t batch);
    static std::uint8_t expected_batch_rows(std::uint64_t row, std::uint64_t batch, std::uint64_t rows);

    int lane_count = 1; ///< any number of threads may run it at once

  private:
    std::set<std::int64_t> fail_at_;
};

/// Keeps both outputs in memory and counts how often each row was stored. Can fail at a row. Threads may store
/// different rows at once.
class MemorySink : public Sink
{
  public:
    explicit MemorySink(std::uint64_t rows, std::optional<std::uint64_t> fail_at = std::nullopt);

    void store(RowRange rows, std::span<std::byte const> window) override;
    void sync() override {}

    std::vector<std::int64_t> values;
    std::vector<std::uint8_t> batch_rows;
    std::vector<int> times_stored;

  private:
    std::optional<std::uint64_t> fail_at_;
};

/// The layout of BatchAwareModel's outputs.
PayloadLayout batch_aware_outputs();

} // namespace distinfer::test
