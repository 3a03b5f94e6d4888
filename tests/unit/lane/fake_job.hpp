#pragma once

#include "distinfer/core/row_range.hpp"
#include "distinfer/lane/lanes.hpp"
#include "support/fake_device.hpp"

#include <cstdint>
#include <cstring>
#include <vector>

namespace distinfer::lane
{

/// Rows of two inputs, what a model makes of them on a fake device, and what a plain loop makes of them: the sum of
/// both inputs and of the batch's first row, and the number of rows in the batch.
class FakeJob
{
  public:
    FakeJob(std::uint64_t rows, std::uint64_t batch) : batch_(batch), second_(rows), sums_(rows), counts_(rows)
    {
        for (std::uint64_t row = 0; row < rows; ++row) {
            first_.push_back(static_cast<std::uint64_t>(1000 + row));
            second_[row] = static_cast<std::uint8_t>(7 * row);
        }
    }

    std::uint64_t batches() const { return (first_.size() + batch_ - 1) / batch_; }

    void run(test::FakeDevice& device, Lanes& lanes, std::uint64_t batch)
    {
        auto const begin = batch * batch_;
        auto const rows = std::min(batch_, first_.size() - begin);
        std::vector<HostInput> const inputs{std::as_bytes(std::span{first_}.subspan(begin, rows)),
                                            std::as_bytes(std::span{second_}.subspan(begin, rows))};
        std::vector<HostOutput> const outputs{std::as_writable_bytes(std::span{sums_}.subspan(begin, rows)),
                                              std::as_writable_bytes(std::span{counts_}.subspan(begin, rows))};
        std::vector<Memory> results;
        lanes.run(inputs, outputs, [&](std::span<std::byte* const> in) { return launch(device, rows, in, results); });
    }

    /// Gives the device the model's kernel. @param results where the memory of the results is kept
    static std::vector<std::byte const*> launch(test::FakeDevice& device, std::uint64_t rows,
                                                std::span<std::byte* const> inputs, std::vector<Memory>& results)
    {
        results.push_back(device.on_device(8 * rows));
        results.push_back(device.on_device(rows));
        auto* const first = inputs[0];
        auto* const second = inputs[1];
        auto* const sums = results[0].get();
        auto* const counts = results[1].get();
        device.launch({{first, 8 * rows}, {second, rows}, {sums, 8 * rows}, {counts, rows}},
                      [=] { compute(rows, first, second, sums, counts); });
        return {sums, counts};
    }

    bool is_right() const
    {
        for (std::uint64_t row = 0; row < first_.size(); ++row) {
            auto const begin = row / batch_ * batch_;
            if (sums_[row] != first_[row] + second_[row] + first_[begin]) return false;
            if (counts_[row] != std::min(batch_, first_.size() - begin)) return false;
        }
        return true;
    }

  private:
    static void compute(std::uint64_t rows, std::byte const* first, std::byte const* second, std::byte* sums,
                        std::byte* counts)
    {
        std::uint64_t first_row = 0;
        std::memcpy(&first_row, first, 8);
        for (std::uint64_t row = 0; row < rows; ++row) {
            std::uint64_t sum = 0;
            std::memcpy(&sum, first + 8 * row, 8);
            sum += first_row + std::to_integer<std::uint64_t>(second[row]);
            std::memcpy(sums + 8 * row, &sum, 8);
            counts[row] = static_cast<std::byte>(rows);
        }
    }

    std::uint64_t batch_;
    std::vector<std::uint64_t> first_;
    std::vector<std::uint8_t> second_;
    std::vector<std::uint64_t> sums_;
    std::vector<std::uint8_t> counts_;
};

} // namespace distinfer::lane
