#include "distinfer/core/tensor_spec.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"

namespace distinfer
{

namespace
{

std::string describe(TensorSpec const& spec, std::string const& rows)
{
    std::string text{name_of(spec.dtype)};
    text.append("[").append(rows);
    for (auto const extent : spec.row_shape) text.append(",").append(std::to_string(extent));
    return text.append("]");
}

std::uint64_t checked_multiply(TensorSpec const& spec, std::uint64_t a, std::uint64_t b)
{
    auto const product = checked_product(a, b);
    if (!product) throw InputError("a row of " + to_string(spec) + " is too large", "its size does not fit 64 bits");
    return *product;
}

} // namespace

std::vector<TensorSpec> specs_of(std::vector<NamedTensor> const& tensors)
{
    std::vector<TensorSpec> specs;
    for (auto const& tensor : tensors) specs.push_back(tensor.spec);
    return specs;
}

std::uint64_t row_elements(TensorSpec const& spec)
{
    std::uint64_t elements = 1;
    for (auto const extent : spec.row_shape) {
        if (extent < 0) throw InputError("a row of " + to_string(spec) + " cannot exist", "an extent is negative");
        elements = checked_multiply(spec, elements, static_cast<std::uint64_t>(extent));
    }
    return elements;
}

std::uint64_t row_bytes(TensorSpec const& spec)
{
    return checked_multiply(spec, row_elements(spec), element_bytes(spec.dtype));
}

std::string to_string(TensorSpec const& spec)
{
    return describe(spec, "rows");
}

std::string to_string(TensorSpec const& spec, std::uint64_t rows)
{
    return describe(spec, std::to_string(rows));
}

} // namespace distinfer
