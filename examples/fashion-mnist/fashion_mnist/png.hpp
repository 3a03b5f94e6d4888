#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fashion_mnist
{

/// Encodes an 8-bit grey image. @pre pixels.size() == width * height
std::vector<std::uint8_t> encode_png(std::span<std::uint8_t const> pixels, std::uint32_t width, std::uint32_t height);

/// RFC 4648 base64, with padding.
std::string encode_base64(std::span<std::uint8_t const> bytes);

/// "data:image/png;base64,...", a grey image that stands in the page itself.
std::string png_data_uri(std::span<std::uint8_t const> pixels, std::uint32_t width, std::uint32_t height);

} // namespace fashion_mnist
