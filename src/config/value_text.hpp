#pragma once

#include "distinfer/config/fields.hpp"

#include <span>
#include <string>

/// One value of a config and its text, both ways: parse_text(format_text(v)) gives v.
namespace distinfer::config
{

/// Why a text is no value of its key. The reader makes a ConfigError of it, which names key, text and place.
struct BadValue
{
    std::string why;
    std::string suggestion = {};
};

/// "expected a whole number or auto"
BadValue expected(std::string_view what, Field const& field);

// All throw BadValue.
void parse_text(std::string const& text, Field const& field, bool& value);
void parse_text(std::string const& text, Field const& field, int& value);
void parse_text(std::string const& text, Field const& field, std::uint64_t& value);
void parse_text(std::string const& text, Field const& field, double& value);
void parse_text(std::string const& text, Field const& field, std::string& value);
void parse_text(std::string const& text, Field const& field, DType& value);
void parse_text(std::string const& text, Field const& field, Transform& value);
void parse_text(std::string const& text, Field const& field, TimeLimit& value);
void parse_text(std::string const& text, Field const& field, ModelInputConfig::Constant& value);

/// Which of the words the text is. @throws BadValue with a did-you-mean
std::size_t parse_word(std::string const& text, std::span<std::string_view const> words);

template <Choice E>
void parse_text(std::string const& text, Field const&, E& value)
{
    std::vector<std::string_view> words;
    for (auto const& name : names<E>) words.push_back(name.text);
    value = names<E>[parse_word(text, words)].value;
}

template <class T>
void parse_text(std::string const& text, Field const& field, std::optional<T>& value)
{
    value.reset();
    if (text == field.unset && field.unset != "null") return;
    parse_text(text, field, value.emplace());
}

/// What a null says: nothing, for a key that may hold nothing.
template <class T>
void parse_null(Field const& field, T& value)
{
    if (field.unset != "null") throw BadValue{"it has no value", "give one, or remove the key"};
    value = T{};
}

std::string format_text(Field const& field, bool value);
std::string format_text(Field const& field, int value);
std::string format_text(Field const& field, std::uint64_t value);
std::string format_text(Field const& field, double value);
std::string format_text(Field const& field, std::string const& value);
std::string format_text(Field const& field, DType value);
std::string format_text(Field const& field, Transform const& value);
std::string format_text(Field const& field, TimeLimit const& value);
std::string format_text(Field const& field, ModelInputConfig::Constant const& value);

template <Choice E>
std::string format_text(Field const&, E value)
{
    return std::string{name_of(value)};
}

template <class T>
std::string format_text(Field const& field, std::optional<T> const& value)
{
    return value ? format_text(field, *value) : std::string{field.unset};
}

} // namespace distinfer::config
