#include "distinfer/pipeline/halving_model.hpp"

#include "distinfer/core/log.hpp"

namespace distinfer::pipeline
{

namespace
{

/// The tensors, begun some rows later.
template <class Pointer>
std::vector<Pointer> behind(std::span<Pointer const> tensors, PayloadLayout const& layout, std::uint64_t rows)
{
    std::vector<Pointer> moved;
    for (std::size_t i = 0; i < tensors.size(); ++i) moved.push_back(tensors[i] + rows * layout.row_bytes(i));
    return moved;
}

} // namespace

HalvingModel::HalvingModel(std::unique_ptr<Model> model, PayloadLayout inputs)
    : model_(std::move(model)), inputs_(std::move(inputs)), outputs_({})
{}

std::vector<NamedTensor> HalvingModel::probe(std::uint64_t rows, std::span<std::byte const* const> inputs)
{
    auto named = model_->probe(rows, inputs);
    outputs_ = PayloadLayout{specs_of(named)};
    return named;
}

void HalvingModel::run(std::uint64_t rows, std::span<std::byte const* const> inputs,
                       std::span<std::byte* const> outputs)
{
    auto const problem = why_not_run(rows, inputs, outputs);
    if (!problem) return;
    if (halved_++ == 0)
        log::warning(error_message("a batch of " + std::to_string(rows) +
                                       " rows is run in parts, and so may others be; "
                                       "last bits may differ from those of a whole batch",
                                   *problem, "make run.batch smaller"));
    run_halves(rows, inputs, outputs);
}

/// Runs the batch; where memory does not hold it, says so. What the error holds is free again then.
std::optional<std::string> HalvingModel::why_not_run(std::uint64_t rows, std::span<std::byte const* const> inputs,
                                                     std::span<std::byte* const> outputs)
{
    try {
        model_->run(rows, inputs, outputs);
        return std::nullopt;
    } catch (OutOfMemory const& error) {
        if (rows == 1) throw;
        return error.what();
    }
}

void HalvingModel::run_halves(std::uint64_t rows, std::span<std::byte const* const> inputs,
                              std::span<std::byte* const> outputs)
{
    auto const half = rows / 2;
    auto const later_inputs = behind(inputs, inputs_, half);
    auto const later_outputs = behind(outputs, outputs_, half);
    if (why_not_run(half, inputs, outputs)) run_halves(half, inputs, outputs);
    if (why_not_run(rows - half, later_inputs, later_outputs)) run_halves(rows - half, later_inputs, later_outputs);
}

} // namespace distinfer::pipeline
