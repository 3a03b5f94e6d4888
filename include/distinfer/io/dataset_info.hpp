#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace distinfer::io
{

/// What a dataset holds: `[rows, spec.row_shape...]`.
struct DatasetInfo
{
    TensorSpec spec;
    std::uint64_t rows = 0;
};

/// What a dataset of those extents holds. Pure.
/// @param where "/images in data.h5", as messages name the dataset
/// @throws InputError where no model could be fed with it
DatasetInfo make_dataset_info(DType dtype, std::vector<std::uint64_t> const& extents, std::string const& where);

/// Ends with what is said of a type that DType does not know. @throws InputError
[[noreturn]] void refuse_type(std::string const& where, std::string_view what);

} // namespace distinfer::io
