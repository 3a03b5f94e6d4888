#pragma once

#include "distinfer/core/dtype.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace distinfer
{

/// Type and shape of one row of a tensor; the axis of rows is not part of it.
struct TensorSpec
{
    DType dtype = DType::float32;
    std::vector<std::int64_t> row_shape; ///< empty: one scalar a row

    bool operator==(TensorSpec const&) const = default;
};

/// A tensor and the dataset that holds it.
struct NamedTensor
{
    std::string name; ///< path of the dataset: "/logits"
    TensorSpec spec;

    bool operator==(NamedTensor const&) const = default;
};

/// What the tensors are, without their names.
std::vector<TensorSpec> specs_of(std::vector<NamedTensor> const& tensors);

/// Elements of one row. @throws InputError where it does not fit 64 bits or an extent is negative
std::uint64_t row_elements(TensorSpec const& spec);

/// Bytes of one row. @throws as row_elements
std::uint64_t row_bytes(TensorSpec const& spec);

/// "float32[rows,3,64,64]", the form used in messages.
std::string to_string(TensorSpec const& spec);

/// "float32[64,3,64,64]", with the number of rows said.
std::string to_string(TensorSpec const& spec, std::uint64_t rows);

} // namespace distinfer
