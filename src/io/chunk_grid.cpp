#include "distinfer/io/chunk_grid.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

namespace distinfer::io
{

namespace
{

std::uint64_t product(std::vector<std::uint64_t> const& factors)
{
    return std::accumulate(factors.begin(), factors.end(), std::uint64_t{1}, std::multiplies<>{});
}

std::uint64_t bytes_of_chunk(StoredForm const& form)
{
    std::uint64_t bytes = element_bytes(form.spec.dtype);
    for (auto const extent : form.chunk) {
        auto const larger = checked_product(bytes, extent);
        if (!larger) throw InputError("a chunk of " + to_string(form.spec) + " is too large");
        bytes = *larger;
    }
    return bytes;
}

/// A box of elements, copied line by line from one array into another.
struct Box
{
    std::vector<std::uint64_t> counts;       ///< of elements along each axis
    std::vector<std::uint64_t> from_extents; ///< of the whole source
    std::vector<std::uint64_t> to_extents;   ///< of the whole destination

    /// Axes from this one on are whole in both arrays: what they hold lies in one piece.
    std::size_t first_whole_axis() const
    {
        std::size_t axis = counts.size();
        while (axis > 0 && counts[axis - 1] == from_extents[axis - 1] && counts[axis - 1] == to_extents[axis - 1])
            --axis;
        return axis;
    }
};

std::uint64_t stride(std::vector<std::uint64_t> const& extents, std::size_t axis)
{
    return std::accumulate(extents.begin() + static_cast<std::ptrdiff_t>(axis) + 1, extents.end(), std::uint64_t{1},
                           std::multiplies<>{});
}

/// Copies the part of the box that is at this axis and below; pointers are at its first element.
void copy_box(Box const& box, std::size_t axis, std::size_t whole, std::byte const* from, std::byte* to,
              std::uint64_t element)
{
    std::uint64_t const from_stride = stride(box.from_extents, axis) * element;
    std::uint64_t const to_stride = stride(box.to_extents, axis) * element;
    if (axis + 1 >= whole) {
        std::memcpy(to, from, box.counts[axis] * from_stride);
        return;
    }
    for (std::uint64_t i = 0; i < box.counts[axis]; ++i)
        copy_box(box, axis + 1, whole, from + i * from_stride, to + i * to_stride, element);
}

} // namespace

ChunkGrid::ChunkGrid(StoredForm const& form)
    : extents_{form.rows},
      chunk_(form.chunk),
      element_bytes_(element_bytes(form.spec.dtype)),
      chunk_bytes_(bytes_of_chunk(form))
{
    for (auto const extent : form.spec.row_shape) extents_.push_back(narrow<std::uint64_t>(extent));
    expects(chunk_.size() == extents_.size(), "a chunk with the axes of its dataset");
    for (std::size_t axis = 0; axis < chunk_.size(); ++axis) {
        expects(chunk_[axis] > 0, "a chunk with an element");
        grid_.push_back(extents_[axis] / chunk_[axis] + (extents_[axis] % chunk_[axis] == 0 ? 0 : 1));
    }
}

std::uint64_t ChunkGrid::chunks() const noexcept
{
    return product(grid_);
}

RowRange ChunkGrid::chunks_of(RowRange rows) const
{
    if (rows.empty()) return {0, 0};
    std::uint64_t const per_row = grid_.front() == 0 ? 0 : chunks() / grid_.front();
    return {rows.begin / chunk_.front() * per_row, ((rows.end - 1) / chunk_.front() + 1) * per_row};
}

std::vector<std::uint64_t> ChunkGrid::origin(std::uint64_t chunk) const
{
    std::vector<std::uint64_t> origin(grid_.size());
    for (std::size_t axis = grid_.size(); axis-- > 0;) {
        origin[axis] = chunk % grid_[axis] * chunk_[axis];
        chunk /= grid_[axis];
    }
    return origin;
}

void ChunkGrid::place(std::uint64_t chunk, std::span<std::byte const> bytes, RowRange rows,
                      std::span<std::byte> window) const
{
    expects(bytes.size() == chunk_bytes_, "a whole chunk");
    auto const begin = origin(chunk);
    Box box{.counts = {}, .from_extents = chunk_, .to_extents = extents_};
    box.to_extents.front() = rows.size();
    for (std::size_t axis = 0; axis < chunk_.size(); ++axis)
        box.counts.push_back(std::min(chunk_[axis], extents_[axis] - begin[axis]));

    // Only rows can be cut: a window holds whole rows.
    std::uint64_t const first = std::max(begin.front(), rows.begin);
    box.counts.front() = std::min(begin.front() + box.counts.front(), rows.end) - first;
    std::uint64_t const from = (first - begin.front()) * stride(box.from_extents, 0);
    std::uint64_t to = (first - rows.begin) * stride(box.to_extents, 0);
    for (std::size_t axis = 1; axis < chunk_.size(); ++axis) to += begin[axis] * stride(box.to_extents, axis);

    // Below axis 0 whole axes lie in one piece; axis 0 itself does when all below it are whole.
    std::size_t const whole = std::max<std::size_t>(1, box.first_whole_axis());
    copy_box(box, 0, whole, bytes.data() + from * element_bytes_, window.data() + to * element_bytes_, element_bytes_);
}

} // namespace distinfer::io
