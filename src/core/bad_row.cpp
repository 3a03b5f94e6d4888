#include "distinfer/core/bad_row.hpp"

namespace distinfer
{

std::string row_reason(std::string_view message)
{
    auto line = message.substr(0, message.find('\n'));
    if (line.size() <= longest_reason) return std::string{line};
    auto end = longest_reason;
    // A byte 10xxxxxx goes on with the character before it.
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    return std::string{line.substr(0, end)};
}

} // namespace distinfer
