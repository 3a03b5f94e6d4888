#include "numbers.hpp"

#include "distinfer/core/did_you_mean.hpp"
#include "distinfer/core/narrow.hpp"
#include "value_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace distinfer::config
{

namespace
{

template <class T>
struct Suffix
{
    std::string_view text;
    T factor;
};

constexpr auto sizes = std::to_array<Suffix<std::int64_t>>(
    {{"KiB", 1LL << 10}, {"MiB", 1LL << 20}, {"GiB", 1LL << 30}, {"TiB", 1LL << 40}});

constexpr auto times = std::to_array<Suffix<double>>({{"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}});

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// Takes the suffix off, and says what to multiply by. @throws BadValue where it is none of the table
template <class Table>
auto take_suffix(std::string& text, Table const& table)
{
    auto const end = text.find_last_of("0123456789.");
    auto const number = end == std::string::npos ? 0 : end + 1;
    auto suffix = text.substr(number);
    suffix.erase(0, suffix.find_first_not_of(' '));
    if (suffix.empty() || number == 0) return decltype(table[0].factor){1};
    std::vector<std::string_view> words;
    for (auto const& known : table) {
        words.push_back(known.text);
        if (known.text != suffix) continue;
        text.resize(number);
        return known.factor;
    }
    throw BadValue{"'" + suffix + "' is no unit", did_you_mean(suffix, words)};
}

std::string_view without_sign(std::string_view text)
{
    return text.substr(!text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0);
}

/// Refuses what other programs read as octal or hexadecimal: 010, 0o10, 0x10.
void refuse_other_bases(std::string const& text)
{
    auto digits = without_sign(text);
    if (digits.size() < 2 || digits[0] != '0') return;
    if (digits[1] == 'x' || digits[1] == 'o' || digits[1] == 'b')
        throw BadValue{"numbers are decimal", "write it without 0" + std::string{digits[1]}};
    if (!is_digit(digits[1])) return;
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    throw BadValue{"a leading zero can be read as octal", "write " + std::string{digits}};
}

template <class T>
void check_range(T value, Range range)
{
    if (range == Range::not_negative && value < 0) throw BadValue{"it must not be negative"};
    if (range == Range::positive && !(value > 0))
        throw BadValue{std::is_integral_v<T> ? "it must be at least 1" : "it must be above 0"};
}

/// All of the text as a number. @throws BadValue where it does not fit; false where it is no number
template <class T>
bool read_number(std::string_view text, T& value)
{
    if (text.starts_with('+')) text.remove_prefix(1);
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) throw BadValue{"it is too large or too small"};
    return error == std::errc{} && end == text.data() + text.size();
}

} // namespace

bool is_whole(std::string const& text)
{
    auto const digits = without_sign(text);
    return !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
}

std::int64_t parse_whole(std::string const& written, Field const& field)
{
    auto text = written;
    refuse_other_bases(text);
    auto const bytes = field.unit == Unit::bytes;
    std::int64_t const factor = bytes ? take_suffix(text, sizes) : 1;
    std::int64_t value = 0;
    if (!is_whole(text) || !read_number(text, value))
        throw expected(bytes ? "a whole number of bytes, KiB, MiB or GiB" : "a whole number", field);
    check_range(value, field.range);
    if (value > INT64_MAX / factor || value < INT64_MIN / factor) throw BadValue{"it is too large"};
    return value * factor;
}

double parse_real(std::string const& written, Field const& field)
{
    auto text = written;
    refuse_other_bases(text);
    auto const seconds = field.unit == Unit::seconds;
    double const factor = seconds ? take_suffix(text, times) : 1;
    double value = 0;
    if (!read_number(text, value)) throw expected(seconds ? "a time, as 90s, 5m or 1h" : "a number", field);
    value *= factor;
    if (!std::isfinite(value)) throw BadValue{"it must be finite"};
    check_range(value, field.range);
    return value;
}

std::string format_real(double value)
{
    std::array<char, 32> buffer{};
    auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

std::string format_bytes(std::uint64_t bytes)
{
    for (auto size = sizes.rbegin(); size != sizes.rend(); ++size) {
        auto const factor = static_cast<std::uint64_t>(size->factor);
        if (bytes >= factor && bytes % factor == 0) return std::to_string(bytes / factor) + std::string{size->text};
    }
    return std::to_string(bytes);
}

} // namespace distinfer::config
