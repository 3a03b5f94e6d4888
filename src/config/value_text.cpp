#include "value_text.hpp"

#include "distinfer/core/did_you_mean.hpp"
#include "numbers.hpp"
#include "quote.hpp"

#include <algorithm>
#include <climits>
#include <utility>

namespace distinfer::config
{

namespace
{

constexpr std::string_view topk = "topk:";

/// A double that cannot be taken for an integer: "16000.0".
std::string format_constant(double value)
{
    auto text = format_real(value);
    return is_whole(text) ? text + ".0" : text;
}

std::string format_constant(std::int64_t value)
{
    return std::to_string(value);
}

std::string format_constant(bool value)
{
    return value ? "true" : "false";
}

} // namespace

BadValue expected(std::string_view what, Field const& field)
{
    std::string why = "expected ";
    why.append(what);
    if (!field.unset.empty() && field.unset != "null") why.append(" or ").append(field.unset);
    return {why};
}

std::size_t parse_word(std::string const& text, std::span<std::string_view const> words)
{
    auto const found = std::find(words.begin(), words.end(), text);
    if (found == words.end()) throw BadValue{"it is none of the choices", did_you_mean(text, words)};
    return static_cast<std::size_t>(found - words.begin());
}

void parse_text(std::string const& text, Field const& field, bool& value)
{
    if (text != "true" && text != "false") throw expected("true or false", field);
    value = text == "true";
}

void parse_text(std::string const& text, Field const& field, int& value)
{
    auto const whole = parse_whole(text, field);
    if (!std::in_range<int>(whole)) throw BadValue{"it must be at most " + std::to_string(INT_MAX)};
    value = static_cast<int>(whole);
}

void parse_text(std::string const& text, Field const& field, std::uint64_t& value)
{
    auto const whole = parse_whole(text, field);
    if (whole < 0) throw BadValue{"it must not be negative"};
    value = static_cast<std::uint64_t>(whole);
}

void parse_text(std::string const& text, Field const& field, double& value)
{
    value = parse_real(text, field);
}

void parse_text(std::string const& text, Field const&, std::string& value)
{
    // Paths and dataset names end up in calls that stop at a NUL.
    if (text.find('\0') != std::string::npos) throw BadValue{"it holds a NUL byte"};
    value = text;
}

void parse_text(std::string const& text, Field const& field, DType& value)
{
    auto words = dtype_names();
    if (!field.unset.empty()) words.insert(words.begin(), field.unset);
    value = *parse_dtype(words[parse_word(text, words)]);
}

void parse_text(std::string const& text, Field const&, Transform& value)
{
    Transform parsed;
    if (text == "topk") throw BadValue{"how many values to keep is missing", "write topk:5 for the 5 largest"};
    if (text.starts_with(topk)) {
        parsed.kind = TransformKind::topk;
        parse_text(text.substr(topk.size()), Field{.key = "k", .doc = "", .range = Range::positive}, parsed.k);
    } else {
        parse_text(text, Field{.key = "", .doc = ""}, parsed.kind);
    }
    value = parsed;
}

void parse_text(std::string const& text, Field const& field, TimeLimit& value)
{
    if (text == "none") {
        value = {};
    } else if (text == "auto") {
        value = {TimeLimit::Kind::automatic, 0};
    } else {
        value = {TimeLimit::Kind::seconds, parse_real(text, field)};
    }
}

void parse_text(std::string const& text, Field const& field, ModelInputConfig::Constant& value)
{
    if (text == "true" || text == "false") {
        value = text == "true";
    } else if (is_whole(text)) {
        value = parse_whole(text, field);
    } else {
        value = parse_real(text, field);
    }
}

std::string format_text(Field const&, bool value)
{
    return value ? "true" : "false";
}

std::string format_text(Field const&, int value)
{
    return std::to_string(value);
}

std::string format_text(Field const& field, std::uint64_t value)
{
    return field.unit == Unit::bytes ? format_bytes(value) : std::to_string(value);
}

std::string format_text(Field const& field, double value)
{
    return format_real(value) + (field.unit == Unit::seconds ? "s" : "");
}

std::string format_text(Field const& field, std::string const& value)
{
    if (value.empty() && field.unset == "null") return "null";
    return quoted(value);
}

std::string format_text(Field const&, DType value)
{
    return std::string{distinfer::name_of(value)};
}

std::string format_text(Field const&, Transform const& value)
{
    if (value.kind == TransformKind::topk) return std::string{topk} + std::to_string(value.k);
    return std::string{name_of(value.kind)};
}

std::string format_text(Field const& field, TimeLimit const& value)
{
    switch (value.kind) {
    case TimeLimit::Kind::none:
        return "none";
    case TimeLimit::Kind::automatic:
        return "auto";
    case TimeLimit::Kind::seconds:
        return format_text(field, value.seconds);
    }
    return {};
}

std::string format_text(Field const&, ModelInputConfig::Constant const& value)
{
    return std::visit([](auto held) { return format_constant(held); }, value);
}

} // namespace distinfer::config
