#include "distinfer/core/error.hpp"

namespace distinfer
{

std::string error_message(std::string_view problem, std::string_view why, std::string_view suggestion)
{
    std::string message{problem};
    if (!why.empty()) message.append(" (").append(why).append(")");
    if (!suggestion.empty()) message.append("; ").append(suggestion);
    return message;
}

} // namespace distinfer
