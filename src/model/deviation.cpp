#include "distinfer/model/deviation.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "dtype_map.hpp"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace distinfer::model
{

namespace
{

/// As float64, in one row.
at::Tensor numbers_of(Results const& results, std::uint64_t rows)
{
    auto const values = results.bytes.size() / element_bytes(results.spec.dtype);
    expects(results.bytes.size() == row_bytes(results.spec) * rows, "results of so many rows");
    // from_blob wants a mutable pointer; nothing is written.
    return at::from_blob(const_cast<std::byte*>(results.bytes.data()), {narrow<std::int64_t>(values)},
                         to_torch(results.spec.dtype))
        .to(at::kDouble);
}

} // namespace

Deviation largest_deviation(Results const& results, Results const& expected, std::uint64_t rows)
{
    expects(results.spec.row_shape == expected.spec.row_shape, "results of the same shape");
    auto const is = numbers_of(results, rows);
    auto const should_be = numbers_of(expected, rows);
    if (is.numel() == 0) return {};
    auto const equal = is.eq(should_be).logical_or(is.isnan().logical_and(should_be.isnan()));
    auto const difference = is.sub(should_be).abs();
    auto const apart = difference.masked_fill(difference.isnan(), std::numeric_limits<double>::infinity());
    Deviation found{.absolute = apart.masked_fill(equal, 0).max().item<double>()};
    auto const largest = should_be.nan_to_num(0, 0, 0).abs().max().item<double>();
    if (found.absolute > 0) found.relative = found.absolute / largest;
    return found;
}

} // namespace distinfer::model
