#include "quote.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace distinfer::config
{

namespace
{

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_safe(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '_' || c == '-';
}

/// May it stand without quotes? Words that YAML gives a meaning may not.
bool is_plain(std::string const& text)
{
    static constexpr std::array<std::string_view, 5> words{"null", "Null", "NULL", "true", "false"};
    if (text.empty() || !(is_letter(text[0]) || text[0] == '/')) return false;
    return std::all_of(text.begin(), text.end(), is_safe) && std::find(words.begin(), words.end(), text) == words.end();
}

std::string hexadecimal(char c)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    auto const value = static_cast<unsigned char>(c);
    return {digits[value / 16U], digits[value % 16U]};
}

} // namespace

std::string quoted(std::string const& text)
{
    if (is_plain(text)) return text;
    std::string result = "\"";
    for (auto const c : text) {
        if (c == '"' || c == '\\')
            result.append({'\\', c});
        else if (c == '$')
            result += "$$";
        else if (c >= 0 && (c < ' ' || c == 0x7f))
            result += "\\x" + hexadecimal(c);
        else
            result += c;
    }
    return result + '"';
}

} // namespace distinfer::config
