#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fashion_mnist
{

/// "91.3 %" of 0.9134 with one decimal. Never rounds up to 100: a mistake stays visible.
std::string percent(double share, int decimals);

/// "10,000" of 10000.
std::string grouped(std::uint64_t number);

/// The number in the plain form that CSS reads.
std::string css_number(double number);

/// Replaces what HTML would read as markup, in text and in quoted attributes.
std::string escape_html(std::string_view text);

} // namespace fashion_mnist
