#include "precision.hpp"

#include "distinfer/core/error.hpp"
#include "torch_error.hpp"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>

namespace distinfer::model
{

namespace
{

using config::Precision;

/// The type that a precision is named for; nothing where it is float32, rounded or not.
std::optional<at::ScalarType> type_of(Precision precision)
{
    if (precision == Precision::bfloat16) return at::kBFloat16;
    if (precision == Precision::float16) return at::kHalf;
    return std::nullopt;
}

} // namespace

std::optional<at::ScalarType> cast_of(LoadOptions const& options)
{
    return options.autocast ? std::nullopt : type_of(options.precision);
}

void apply_precision(LoadOptions const& options)
{
    bool const rounds = options.precision == Precision::tf32;
    if (c10::Device{options.device}.is_cpu()) {
        if (rounds)
            throw ConfigError("model.precision: tf32 cannot be had on a CPU", "it is a way in which GPUs multiply",
                              "use float32 or bfloat16, or another run.device");
        return;
    }
    at::globalContext().setAllowTF32CuBLAS(rounds);
    at::globalContext().setAllowTF32CuDNN(rounds);
}

void require_compiled_precision(LoadOptions const& options)
{
    if (!options.autocast && !type_of(options.precision)) return;
    throw ConfigError(options.autocast ? "model.autocast cannot be had with " + options.name
                                       : "model.precision cannot be chosen for " + options.name,
                      "the precision of an AOTInductor package is compiled in",
                      "leave it out, or cast the model before it is exported");
}

void cast_weights(std::vector<at::Tensor> const& tensors, LoadOptions const& options)
{
    auto const type = cast_of(options);
    if (!type) return;
    bool found = false;
    for (auto const& tensor : tensors) {
        if (!tensor.is_floating_point()) continue;
        found = true;
        tensor.set_data(tensor.to(*type));
    }
    if (!found)
        throw ConfigError("model.precision cannot be chosen for " + options.name,
                          "it has no weights to cast: a frozen or quantised model has them in its code",
                          "use model.autocast: true, or cast the model before it is frozen");
}

at::Tensor cast_input(at::Tensor const& batch, LoadOptions const& options)
{
    auto const type = cast_of(options);
    return type && batch.is_floating_point() ? batch.to(*type) : batch;
}

bool is_about_precision(std::exception const& error, LoadOptions const& options)
{
    if (!options.autocast && !type_of(options.precision)) return false;
    return says_any(error, {"not implemented for", "have the same dtype", "same data type", "Unsupported dtype",
                            "expected scalar type", "should be the same", "works on Float Tensor"});
}

AutocastGuard::AutocastGuard(LoadOptions const& options)
{
    if (!options.autocast) return;
    device_ = c10::Device{options.device}.type();
    dtype_before_ = at::autocast::get_autocast_dtype(*device_);
    at::autocast::set_autocast_enabled(*device_, true);
    at::autocast::set_autocast_dtype(*device_, type_of(options.precision).value_or(dtype_before_));
    at::autocast::increment_nesting();
}

AutocastGuard::~AutocastGuard()
{
    if (!device_) return;
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_dtype(*device_, dtype_before_);
    at::autocast::set_autocast_enabled(*device_, false);
}

} // namespace distinfer::model
