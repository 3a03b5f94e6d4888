#pragma once

#include "fashion_mnist/array.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace fashion_mnist
{

/// Parses an IDX file of unsigned bytes: magic number 00 00 08 D, D big-endian extents, the values.
/// `origin` names it in messages. @throws InputError where the magic number or the size is another
Array<std::uint8_t> parse_idx(std::span<std::uint8_t const> file, std::string_view origin);

} // namespace fashion_mnist
