#pragma once

#include "distinfer/core/model.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace distinfer::model
{

/// A binding's rows and results as numbers: what a test of a Model looks at.
template <class Value>
std::byte const* bytes_of(std::vector<Value> const& values)
{
    return reinterpret_cast<std::byte const*>(values.data());
}

/// Names of the datasets that a model's first batch gives.
inline std::vector<std::string> names_of(std::vector<NamedTensor> const& outputs)
{
    std::vector<std::string> names;
    for (auto const& output : outputs) names.push_back(output.name);
    return names;
}

/// Runs a batch of a model with one output of that many values, after the probe that has to come first.
template <class Value, class Input>
std::vector<Value> run_batch(Model& model, std::uint64_t rows, std::size_t values, std::vector<Input> const& input)
{
    std::vector<std::byte const*> const inputs{bytes_of(input)};
    model.probe(rows, inputs);
    std::vector<Value> result(values);
    std::vector<std::byte*> const outputs{reinterpret_cast<std::byte*>(result.data())};
    model.run(rows, inputs, outputs);
    return result;
}

} // namespace distinfer::model
