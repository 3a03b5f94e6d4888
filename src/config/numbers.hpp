#pragma once

#include "distinfer/config/fields.hpp"

#include <cstdint>
#include <string>

/// Numbers of a config, with their suffixes and ranges. All parse functions throw BadValue.
namespace distinfer::config
{

/// Decimal digits with a sign or none: no fraction, no exponent.
bool is_whole(std::string const& text);

/// A whole number, or bytes where the field counts them.
std::int64_t parse_whole(std::string const& written, Field const& field);

/// A finite number, or seconds where the field counts them.
double parse_real(std::string const& written, Field const& field);

/// The shortest text that reads back as the same number.
std::string format_real(double value);

/// Bytes with the largest suffix that keeps them whole: "64MiB", "1000".
std::string format_bytes(std::uint64_t bytes);

} // namespace distinfer::config
