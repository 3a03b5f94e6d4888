#include "layout.hpp"

#include "distinfer/core/error.hpp"

namespace distinfer::model
{

namespace
{

bool has_channels(at::Tensor const& tensor)
{
    return tensor.dim() == 4;
}

} // namespace

void lay_out_weights(std::vector<at::Tensor> const& tensors, LoadOptions const& options)
{
    if (!options.channels_last) return;
    bool found = false;
    for (auto const& tensor : tensors) {
        if (!has_channels(tensor)) continue;
        found = true;
        tensor.set_data(tensor.contiguous(at::MemoryFormat::ChannelsLast));
    }
    if (!found)
        throw ConfigError("model.channels_last has nothing to do in " + options.name,
                          "it has no weights of four axes, or has them in its code, as a frozen model",
                          "leave it out, or set it before the model is frozen");
}

at::Tensor laid_out(at::Tensor const& batch, LoadOptions const& options)
{
    return options.channels_last && has_channels(batch) ? batch.contiguous(at::MemoryFormat::ChannelsLast) : batch;
}

void require_compiled_layout(LoadOptions const& options)
{
    if (options.channels_last)
        throw ConfigError("model.channels_last cannot be had with " + options.name,
                          "the layout of an AOTInductor package is compiled in",
                          "leave it out, or lay the model out before it is exported");
}

} // namespace distinfer::model
