#pragma once

#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

namespace fashion_mnist
{

/// A dense array in row-major order.
template <class T>
struct Array
{
    std::vector<std::uint64_t> shape;
    std::vector<T> values;
};

/// The number of values that an array of this shape holds.
inline std::uint64_t element_count(std::vector<std::uint64_t> const& shape)
{
    return std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>{});
}

} // namespace fashion_mnist
