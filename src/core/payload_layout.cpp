#include "distinfer/core/payload_layout.hpp"

#include "distinfer/core/alignment.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"

#include <numeric>

namespace distinfer
{

namespace
{

std::uint64_t aligned_bytes(std::uint64_t row_bytes, std::uint64_t rows)
{
    auto const bytes = checked_product(row_bytes, rows);
    if (!bytes || *bytes > UINT64_MAX / 4) throw InputError("a window is too large", "its size does not fit 64 bits");
    return on_boundary(*bytes);
}

} // namespace

PayloadLayout::PayloadLayout(std::vector<TensorSpec> specs) : specs_(std::move(specs))
{
    for (auto const& spec : specs_) row_bytes_.push_back(distinfer::row_bytes(spec));
}

std::uint64_t PayloadLayout::bytes_per_row() const noexcept
{
    return std::accumulate(row_bytes_.begin(), row_bytes_.end(), std::uint64_t{0});
}

std::uint64_t PayloadLayout::offset(std::size_t tensor, std::uint64_t rows) const
{
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < tensor; ++i) offset += aligned_bytes(row_bytes_[i], rows);
    return offset;
}

std::uint64_t PayloadLayout::bytes(std::uint64_t rows) const
{
    return offset(tensors(), rows);
}

} // namespace distinfer
