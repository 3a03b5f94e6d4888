#include "distinfer/app/batch_trial.hpp"

#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"

#include <algorithm>
#include <optional>

namespace distinfer::app
{

namespace
{

PayloadLayout layout_of(std::vector<NamedTensor> const& outputs)
{
    std::vector<TensorSpec> specs;
    for (auto const& output : outputs) specs.push_back(output.spec);
    return PayloadLayout{std::move(specs)};
}

template <class Byte>
std::vector<Byte*> tensors_in(std::vector<Byte>& buffer, PayloadLayout const& layout, std::uint64_t rows)
{
    std::vector<Byte*> tensors;
    for (std::size_t i = 0; i < layout.tensors(); ++i) tensors.push_back(buffer.data() + layout.offset(i, rows));
    return tensors;
}

/// A batch of the first rows, ready to be run again and again.
class BatchRun
{
  public:
    BatchRun(BatchTrials const& trials, std::uint64_t size)
        : size_(size), rows_(std::min(size, trials.rows)), model_(trials.bind(size)), input_(trials.read({0, rows_}))
    {
        if (trials.skips_bad_rows)
            input_ = batch_that_works(*model_, trials.inputs, std::move(input_), rows_, trials.rows, trials.read);
        for (auto* tensor : tensors_in(input_, trials.inputs, rows_)) inputs_.push_back(tensor);
        auto const outputs = layout_of(model_->probe(rows_, inputs_));
        output_row_bytes_ = outputs.bytes_per_row();
        output_.resize(outputs.bytes(rows_));
        outputs_ = tensors_in(output_, outputs, rows_);
    }

    std::uint64_t size() const noexcept { return size_; }
    std::uint64_t output_row_bytes() const noexcept { return output_row_bytes_; }

    double seconds()
    {
        Stopwatch const time;
        model_->run(rows_, inputs_, outputs_);
        return time.seconds();
    }

  private:
    std::uint64_t size_;
    std::uint64_t rows_;
    std::unique_ptr<Model> model_;
    std::vector<std::byte> input_;
    std::vector<std::byte> output_;
    std::vector<std::byte const*> inputs_;
    std::vector<std::byte*> outputs_;
    std::uint64_t output_row_bytes_ = 0;
};

constexpr auto set_it = "set run.batch to a number of rows that the model takes";

} // namespace

void try_batches(plan::BatchSearch& search, BatchTrials const& trials)
{
    std::optional<BatchRun> batch;
    while (auto const size = search.next()) {
        if (batch && batch->size() != *size) {
            auto const output_row_bytes = batch->output_row_bytes();
            batch.reset();
            if (!trials.fits(*size, output_row_bytes)) return search.stop();
        }
        try {
            if (!batch) batch.emplace(trials, *size);
            search.took(batch->seconds());
        } catch (OutOfMemory const&) {
            if (search.trials().empty()) throw;
            search.ran_out_of_memory();
        } catch (RefusedBatch const& refused) {
            if (!search.trials().empty()) return search.stop();
            throw ModelError("the model failed on " + trials.name_rows({0, std::min(*size, trials.rows)}),
                             refused.what(), set_it);
        }
    }
}

bool fits(BatchMemory const& memory, std::uint64_t rows)
{
    auto const buffers = checked_product(memory.bytes_per_row, rows).value_or(UINT64_MAX);
    auto const windows = checked_product(buffers, memory.windows).value_or(UINT64_MAX);
    if (windows > memory.left) return false;
    double const grown = memory.rows == 0 ? 0 : static_cast<double>(rows) / static_cast<double>(memory.rows);
    return static_cast<double>(memory.taken) * grown + static_cast<double>(windows) <=
           0.8 * static_cast<double>(memory.left);
}

} // namespace distinfer::app
