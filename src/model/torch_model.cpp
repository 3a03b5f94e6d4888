#include "torch_model.hpp"

#include "distinfer/core/alignment.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/device/torch_device.hpp"
#include "dtype_map.hpp"
#include "grad_guard.hpp"
#include "layout.hpp"
#include "precision.hpp"
#include "state_check.hpp"
#include "torch_error.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>

namespace distinfer::model
{

namespace
{

/// Rows that tell what comes out: few, since the ranks wait for them; no number that a result's own axes often have.
constexpr std::uint64_t few_rows = 5;

/// Type and row shape of a result. @throws ModelError where it is not one row for each input row
TensorSpec spec_of(NamedResult const& result, std::uint64_t rows)
{
    auto const& [name, tensor] = result;
    auto const dtype = from_torch(tensor.scalar_type());
    if (!dtype)
        throw ModelError("result '" + name + "' cannot be stored",
                         std::string{"its type is "} + c10::toString(tensor.scalar_type()),
                         "cast it in the model, or drop it with dataset: null");
    if (tensor.layout() != c10::kStrided)
        throw ModelError("result '" + name + "' cannot be stored", "it is not a dense tensor",
                         "call to_dense() in the model, or drop it with dataset: null");
    if (tensor.dim() == 0 || tensor.size(0) != narrow<std::int64_t>(rows)) {
        std::string shape;
        for (auto const extent : tensor.sizes()) shape.append(shape.empty() ? "" : ",").append(std::to_string(extent));
        throw ModelError("result '" + name + "' is not one row for each of the " + std::to_string(rows) + " input rows",
                         "its shape is [" + shape + "]", "let the first axis of every result be the batch");
    }
    return {*dtype, {tensor.sizes().begin() + 1, tensor.sizes().end()}};
}

/// The batch with its last row repeated until it is full: a row that the model is sure to accept.
at::Tensor filled_up(at::Tensor const& batch, std::uint64_t rows)
{
    auto const missing = narrow<std::int64_t>(rows) - batch.size(0);
    if (missing <= 0) return batch;
    auto shape = batch.sizes().vec();
    shape[0] = missing;
    return at::cat({batch, batch.slice(0, batch.size(0) - 1).expand(shape)});
}

bool is_aligned(void const* bytes)
{
    return reinterpret_cast<std::uintptr_t>(bytes) % alignment == 0;
}

/// Threads are a setting of the calling thread, not of the process.
void use_threads(int threads)
{
    if (at::get_num_threads() != threads) at::set_num_threads(threads);
}

/// @throws ModelError where a result is not what the first batch gave
void check_same(NamedResult const& result, TensorSpec const& first, std::uint64_t rows)
{
    auto const spec = spec_of(result, rows);
    if (spec != first)
        throw ModelError("result '" + result.name + "' is " + to_string(spec) + " here, and was " + to_string(first) +
                             " in the first batch",
                         "a dataset has one shape and one type", "let the model give the same shape for every batch");
}

} // namespace

TorchModel::TorchModel(std::shared_ptr<Program> program, LoadOptions options, Binding binding)
    : program_(std::move(program)), options_(std::move(options)), binding_(std::move(binding))
{
    program_->check(binding_);
    for (auto const& input : binding_.inputs)
        if (!input.constant) preprocess_.emplace_back(input, binding_.specs.at(preprocess_.size()), options_.device);
    c10::Device const device{options_.device};
    carrier_ = device.is_cpu() ? carry_nowhere(binding_.specs)
                               : carry_over_lanes(binding_.specs, device, device::open_device(options_.device));
}

at::Tensor TorchModel::input_tensor(std::size_t dataset, at::Tensor const& stored) const
{
    auto batch = cast_input(preprocess_[dataset].apply(stored), options_);
    // Where a batch begins in its window depends on the window; its bits must not, and kernels may look at addresses.
    // And rows in host memory may be run again, as parts of the batch: a model may not write into them.
    bool const may_pass = is_aligned(stored.data_ptr()) && !(stored.is_cpu() && program_->may_write_inputs());
    if (batch.data_ptr() == stored.data_ptr() && !may_pass) batch = batch.clone();
    return program_->wants_full_batches() ? filled_up(batch, binding_.batch_rows) : laid_out(batch, options_);
}

std::vector<c10::IValue> TorchModel::arguments(std::vector<at::Tensor> const& stored) const
{
    std::vector<c10::IValue> arguments;
    std::size_t dataset = 0;
    for (auto const& input : binding_.inputs) {
        if (input.constant) {
            std::visit([&](auto value) { arguments.emplace_back(value); }, *input.constant);
        } else {
            arguments.emplace_back(input_tensor(dataset, stored[dataset]));
            ++dataset;
        }
    }
    return arguments;
}

template <class Call>
auto TorchModel::explained(std::uint64_t rows, Call const& call) const
{
    try {
        return call();
    } catch (Error const&) {
        throw;
    } catch (std::exception const& error) {
        if (is_out_of_memory(error))
            throw OutOfMemory(options_.name + " has no memory to run " + describe_inputs(rows), torch_message(error),
                              "make run.batch smaller");
        if (is_machines_fault(error))
            throw ModelError(options_.name + " cannot be run on " + describe_inputs(rows), torch_message(error),
                             "where memory is short, make run.batch smaller");
        if (options_.grad != config::Grad::enabled && is_about_grad(error))
            throw ModelError(options_.name + " calls autograd, which is off", torch_message(error),
                             "set model.grad: enabled");
        if (is_about_precision(error, options_))
            throw ModelError(options_.name + " cannot be run in this model.precision", torch_message(error),
                             "use float32; where the model itself casts its inputs, model.autocast: true may do");
        throw RefusedBatch(options_.name + " refused " + describe_inputs(rows), torch_message(error));
    }
}

/// Takes the rows that filled_up() added off again.
void TorchModel::trim(std::vector<NamedResult>& results, std::uint64_t rows) const
{
    if (!program_->wants_full_batches()) return;
    auto const full = narrow<std::int64_t>(binding_.batch_rows);
    for (auto& [name, tensor] : results)
        if (tensor.dim() > 0 && tensor.size(0) == full) tensor = tensor.narrow(0, 0, narrow<std::int64_t>(rows));
}

/// Runs a batch. @param take what is done with its results where the model runs: gives those that fill the outputs
void TorchModel::infer(std::uint64_t rows, std::span<std::byte const* const> inputs,
                       std::span<std::span<std::byte> const> outputs, Take const& take)
{
    expects(rows > 0, "a batch with a row");
    use_threads(options_.threads);
    GradGuard const guard{options_.grad};
    AutocastGuard const autocast{options_};
    std::vector<std::span<std::byte const>> datasets;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        datasets.emplace_back(inputs[i], rows * row_bytes(binding_.specs[i]));
    explained(rows, [&] {
        carrier_->carry(rows, datasets, outputs, [&](std::vector<at::Tensor> const& stored) {
            auto results = program_->call(arguments(stored));
            trim(results, rows);
            return take(postprocess(std::move(results), binding_.outputs));
        });
    });
}

std::string TorchModel::describe_inputs(std::uint64_t rows) const
{
    std::string text;
    std::size_t dataset = 0;
    for (auto const& input : binding_.inputs) {
        if (input.constant) continue;
        TensorSpec spec = binding_.specs[dataset++];
        spec.dtype = input.dtype.value_or(spec.dtype);
        text.append(text.empty() ? "" : ", ").append(input.dataset + " as " + to_string(spec, rows));
    }
    return text;
}

/// Runs some rows. What comes out of them stays where the model runs.
std::vector<NamedResult> TorchModel::results_of(std::uint64_t rows, std::span<std::byte const* const> inputs)
{
    std::vector<NamedResult> kept;
    infer(rows, inputs, {}, [&](std::vector<NamedResult> const& results) {
        kept = results;
        return std::vector<at::Tensor>{};
    });
    return kept;
}

/// Likewise, and takes it for what comes out of the model.
std::vector<NamedResult> TorchModel::first_results(std::uint64_t rows, std::span<std::byte const* const> inputs)
{
    auto results = results_of(rows, inputs);
    outputs_.clear();
    for (auto const& result : results) outputs_.push_back({result.name, spec_of(result, rows)});
    return results;
}

std::vector<NamedTensor> TorchModel::probe(std::uint64_t rows, std::span<std::byte const* const> inputs)
{
    StateCheck check{*program_};
    auto tried = std::min(rows, few_rows);
    std::vector<NamedResult> results;
    try {
        results = first_results(tried, inputs);
    } catch (ModelError const&) {
        // A model may take whole batches only: what it says to one is what counts.
        tried = rows;
        results = first_results(tried, inputs);
    }
    if (!binding_.stateful) {
        check.saw(results);
        while (check.wants_another()) check.saw(results_of(tried, inputs));
        check.require_stateless(options_.name);
    }
    if (outputs_.empty())
        throw ConfigError("nothing would be stored", "every result of the model is dropped",
                          "give one of model.outputs a dataset");
    return outputs_;
}

void TorchModel::run(std::uint64_t rows, std::span<std::byte const* const> inputs, std::span<std::byte* const> outputs)
{
    expects(outputs.size() == outputs_.size(), "room for the results that probe() saw");
    std::vector<std::span<std::byte>> room;
    for (std::size_t i = 0; i < outputs.size(); ++i) room.emplace_back(outputs[i], rows * row_bytes(outputs_[i].spec));
    infer(rows, inputs, room, [&](std::vector<NamedResult> const& results) { return storable(results, rows); });
}

/// @throws ModelError where the results are not what probe() saw
std::vector<at::Tensor> TorchModel::storable(std::vector<NamedResult> const& results, std::uint64_t rows) const
{
    if (results.size() != outputs_.size())
        throw ModelError("the model gives " + std::to_string(results.size()) + " results here, and gave " +
                             std::to_string(outputs_.size()) + " for the first batch",
                         "each has a dataset", "let the model give as many for every batch");
    std::vector<at::Tensor> tensors;
    for (std::size_t i = 0; i < results.size(); ++i) {
        check_same(results[i], outputs_[i].spec, rows);
        tensors.push_back(results[i].tensor.detach());
    }
    return tensors;
}

} // namespace distinfer::model
