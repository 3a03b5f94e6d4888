#include "preprocess.hpp"

#include "distinfer/core/error.hpp"
#include "dtype_map.hpp"

#include <ATen/ops/tensor.h>

namespace distinfer::model
{

namespace
{

bool normalises(config::ModelInputConfig const& input)
{
    return input.scale != 1.0 || !input.mean.empty() || !input.std.empty();
}

/// One value for each channel, in a shape that broadcasts over [rows, channels, ...].
at::Tensor per_channel(std::vector<double> const& values, TensorSpec const& spec, at::TensorOptions const& options)
{
    if (values.empty()) return {};
    std::vector<std::int64_t> shape(spec.row_shape.size() + 1, 1);
    shape.at(1) = static_cast<std::int64_t>(values.size());
    return at::tensor(values, at::dtype(at::kDouble)).to(options).reshape(shape);
}

void check_channels(config::ModelInputConfig const& input, TensorSpec const& spec)
{
    auto const channels = spec.row_shape.empty() ? 0 : spec.row_shape.front();
    for (auto const* values : {&input.mean, &input.std}) {
        if (values->empty() || static_cast<std::int64_t>(values->size()) == channels) continue;
        throw ConfigError("mean and std of " + input.dataset + " have " + std::to_string(values->size()) + " values",
                          "a row is " + to_string(spec) + ", its first axis are the channels",
                          "give one value for each channel");
    }
}

} // namespace

Preprocess::Preprocess(config::ModelInputConfig const& input, TensorSpec const& spec, std::string const& device)
    : dtype_(to_torch(input.dtype.value_or(spec.dtype))), scale_(input.scale)
{
    if (normalises(input) && !c10::isFloatingType(dtype_))
        throw ConfigError("scale, mean and std of " + input.dataset + " need floating-point numbers",
                          "the model would get " + std::string{name_of(input.dtype.value_or(spec.dtype))},
                          "set dtype: float32 for this input");
    check_channels(input, spec);
    auto const options = at::TensorOptions(c10::Device(device)).dtype(dtype_);
    mean_ = per_channel(input.mean, spec, options);
    std_ = per_channel(input.std, spec, options);
}

at::Tensor Preprocess::apply(at::Tensor batch) const
{
    batch = batch.to(dtype_);
    if (scale_ != 1.0) batch = batch.mul(scale_);
    if (mean_.defined()) batch = batch.sub(mean_);
    if (std_.defined()) batch = batch.div(std_);
    return batch;
}

} // namespace distinfer::model
