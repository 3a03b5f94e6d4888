#include "fashion_mnist/text.hpp"

#include <cmath>
#include <iomanip>
#include <locale>
#include <sstream>

namespace fashion_mnist
{

namespace
{

std::string fixed(double number, int decimals)
{
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << std::fixed << std::setprecision(decimals) << number;
    return text.str();
}

} // namespace

std::string percent(double share, int decimals)
{
    double const unit = std::pow(10.0, decimals);
    double hundredths = share * 100.0;
    if (share < 1.0 && std::round(hundredths * unit) >= 100.0 * unit) hundredths = 100.0 - 1.0 / unit;
    return fixed(hundredths, decimals) + " %";
}

std::string grouped(std::uint64_t number)
{
    auto const digits = std::to_string(number);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
        text.push_back(digits[i]);
    }
    return text;
}

std::string css_number(double number)
{
    return fixed(number, 3);
}

std::string escape_html(std::string_view text)
{
    std::string escaped;
    for (char const letter : text) {
        switch (letter) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            escaped += letter;
        }
    }
    return escaped;
}

} // namespace fashion_mnist
