#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace distinfer
{

/// Element types that travel between files, ranks and models, always in the machine's byte order.
enum class DType {
    boolean,
    uint8,
    uint16,
    uint32,
    uint64,
    int8,
    int16,
    int32,
    int64,
    float16,
    bfloat16,
    float32,
    float64
};

/// Bytes of one element.
std::size_t element_bytes(DType dtype);

/// The name used in configs, reports and messages: "float32", "uint8", "bool".
std::string_view name_of(DType dtype);

/// The dtype of that name, if there is one.
std::optional<DType> parse_dtype(std::string_view name);

/// Every name that parse_dtype takes.
std::vector<std::string_view> dtype_names();

} // namespace distinfer
