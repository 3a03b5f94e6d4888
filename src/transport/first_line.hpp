#pragma once

#include <string>

namespace distinfer::transport
{

/// What a library says of an error, without the backtrace that LibTorch adds.
inline std::string first_line(std::string const& text)
{
    return text.substr(0, text.find('\n'));
}

} // namespace distinfer::transport
