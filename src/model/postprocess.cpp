#include "postprocess.hpp"

#include "distinfer/core/error.hpp"
#include "dtype_map.hpp"

#include <ATen/ops/argmax.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/topk.h>

namespace distinfer::model
{

namespace
{

std::string names_of(std::vector<NamedResult> const& results)
{
    std::string names;
    for (auto const& result : results) names.append(names.empty() ? "" : ", ").append(result.name);
    return names;
}

/// softmax, argmax and topk work along the last axis of a row.
void check_axis(at::Tensor const& tensor, config::Transform const& transform, std::string const& dataset)
{
    bool const needs_axis =
        transform.kind != config::TransformKind::none && transform.kind != config::TransformKind::sigmoid;
    if (needs_axis && tensor.dim() < 2)
        throw ModelError("the transform of " + dataset + " cannot be done", "a row of it is a single number",
                         "set transform: none");
    if (transform.kind == config::TransformKind::topk && tensor.size(-1) < transform.k)
        throw ModelError("topk:" + std::to_string(transform.k) + " of " + dataset + " cannot be done",
                         "its last axis has " + std::to_string(tensor.size(-1)) + " values", "choose a smaller K");
}

at::Tensor cast(at::Tensor const& tensor, std::optional<DType> dtype)
{
    return dtype ? tensor.to(to_torch(*dtype)) : tensor;
}

void transform(at::Tensor const& tensor, config::ModelOutputConfig const& output, std::vector<NamedResult>& stored)
{
    auto const& dataset = *output.dataset;
    check_axis(tensor, output.transform, dataset);
    switch (output.transform.kind) {
    case config::TransformKind::none:
        stored.push_back({dataset, cast(tensor, output.dtype)});
        return;
    case config::TransformKind::softmax:
        stored.push_back({dataset, cast(at::softmax(tensor, -1), output.dtype)});
        return;
    case config::TransformKind::sigmoid:
        stored.push_back({dataset, cast(at::sigmoid(tensor), output.dtype)});
        return;
    case config::TransformKind::argmax:
        stored.push_back({dataset, cast(at::argmax(tensor, -1), output.dtype)});
        return;
    case config::TransformKind::topk: {
        auto const [values, indices] = at::topk(tensor, output.transform.k);
        stored.push_back({dataset + "/values", cast(values, output.dtype)});
        stored.push_back({dataset + "/indices", indices});
        return;
    }
    }
}

} // namespace

std::vector<NamedResult> postprocess(std::vector<NamedResult> results,
                                     std::vector<config::ModelOutputConfig> const& outputs)
{
    if (outputs.empty()) {
        for (auto& result : results) result.name.insert(0, "/");
        return results;
    }
    if (outputs.size() != results.size())
        throw ModelError("the model gives " + std::to_string(results.size()) + " results, the config names " +
                             std::to_string(outputs.size()),
                         "the results are: " + names_of(results),
                         "list one entry for each in model.outputs, with dataset: null for what to drop");
    std::vector<NamedResult> stored;
    for (std::size_t i = 0; i < outputs.size(); ++i)
        if (outputs[i].dataset) transform(results[i].tensor, outputs[i], stored);
    return stored;
}

} // namespace distinfer::model
