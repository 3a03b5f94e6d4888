#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fashion_mnist
{

/// The whole content of a file. @throws InputError
std::vector<std::uint8_t> read_file(std::string const& path);

/// Decompresses a gzip file of one member, up to 1 GiB; its checksum is verified. `origin` names it in messages.
/// @throws InputError
std::vector<std::uint8_t> gunzip(std::span<std::uint8_t const> compressed, std::string_view origin);

} // namespace fashion_mnist
