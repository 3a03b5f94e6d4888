#pragma once

#include "distinfer/core/tensor_spec.hpp"

#include <cstdint>
#include <vector>

namespace distinfer
{

/// Where each tensor of a window lies in the window's one buffer: tensor after tensor, each begun on a 64-byte
/// boundary, each `[rows, row_shape...]` in row-major order. Pure and thread-safe.
class PayloadLayout
{
  public:
    explicit PayloadLayout(std::vector<TensorSpec> specs);

    std::vector<TensorSpec> const& specs() const noexcept { return specs_; }
    std::size_t tensors() const noexcept { return specs_.size(); }
    std::uint64_t row_bytes(std::size_t tensor) const { return row_bytes_[tensor]; }

    /// Bytes of one row over all tensors.
    std::uint64_t bytes_per_row() const noexcept;

    /// First byte of a tensor in a buffer of that many rows.
    std::uint64_t offset(std::size_t tensor, std::uint64_t rows) const;

    /// Size of a buffer of that many rows, in bytes.
    std::uint64_t bytes(std::uint64_t rows) const;

  private:
    std::vector<TensorSpec> specs_;
    std::vector<std::uint64_t> row_bytes_;
};

/// Where the tensors of a row, and those behind it, begin in a buffer of `held` rows.
template <class Byte>
std::vector<Byte*> tensors_at(Byte* buffer, PayloadLayout const& layout, std::uint64_t held, std::uint64_t row = 0)
{
    std::vector<Byte*> tensors;
    for (std::size_t i = 0; i < layout.tensors(); ++i)
        tensors.push_back(buffer + layout.offset(i, held) + row * layout.row_bytes(i));
    return tensors;
}

} // namespace distinfer
