#include "reader.hpp"

#include <algorithm>
#include <cctype>

namespace distinfer::config
{

namespace
{

/// Where a key was set, or else what it belongs into; the file is at "".
std::string place_of(std::string path, Places const& places)
{
    while (!path.empty()) {
        auto const found = places.find(path);
        if (found != places.end()) return found->second;
        auto const end = path.find_last_of(".[");
        path.resize(end == std::string::npos ? 0 : end);
    }
    return places.at("");
}

template <class T>
bool is_empty(T const&)
{
    return false;
}

bool is_empty(std::string const& value)
{
    return value.empty();
}

bool is_empty(std::optional<std::string> const& value)
{
    return value && value->empty();
}

template <class T>
bool is_empty(std::vector<T> const& values)
{
    return values.empty() || std::any_of(values.begin(), values.end(), [](auto const& v) { return is_empty(v); });
}

template <HasFields S>
void check_required(S const& s, std::string const& prefix, Places const& places);

template <class T>
void check_inside(T const&, std::string const&, Places const&)
{}

template <HasFields S>
void check_inside(S const& s, std::string const& path, Places const& places)
{
    check_required(s, path + ".", places);
}

template <HasFields S>
void check_inside(std::vector<S> const& list, std::string const& path, Places const& places)
{
    for (std::size_t i = 0; i < list.size(); ++i)
        check_required(list[i], path + "[" + std::to_string(i) + "].", places);
}

template <HasFields S>
void check_required(S const& s, std::string const& prefix, Places const& places)
{
    visit_fields(
        [&](Field const& field, auto const& member) {
            auto const path = prefix + std::string{field.key};
            if (field.required && !places.contains(path))
                fail_at(place_of(path, places), path + " is missing", field.doc);
            if (field.required && is_empty(member)) fail_at(place_of(path, places), path + " is empty", field.doc);
            check_inside(member, path, places);
        },
        s);
}

void check_constant(ModelInputConfig const& input, std::string const& path, Places const& places)
{
    if (!input.dataset.empty())
        fail_at(place_of(path, places), path + " has a dataset and a constant", "an input is one of them",
                "remove one");
    if (input.dtype || input.scale != 1.0 || !input.mean.empty() || !input.std.empty())
        fail_at(place_of(path, places), path + " is a constant with dtype, scale, mean or std", "they are for datasets",
                "write the constant as the model takes it");
}

void check_input(ModelInputConfig const& input, std::string const& path, Places const& places)
{
    if (input.constant) return check_constant(input, path, places);
    if (input.dataset.empty())
        fail_at(place_of(path, places), path + " has neither dataset nor constant", "an input is one of them",
                "add dataset: with the name of an HDF5 dataset");
    if (input.mean.size() != input.std.size())
        fail_at(place_of(path + ".mean", places), path + ".mean and std differ in length",
                std::to_string(input.mean.size()) + " and " + std::to_string(input.std.size()) + " values",
                "give one of each for every channel");
    if (std::find(input.std.begin(), input.std.end(), 0.0) != input.std.end())
        fail_at(place_of(path + ".std", places), path + ".std has a 0", "values are divided by it");
}

void check_digest(std::string& sha256, Places const& places)
{
    auto const is_hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
    if (!sha256.empty() && (sha256.size() != 64 || !std::all_of(sha256.begin(), sha256.end(), is_hex)))
        fail_at(place_of("model.sha256", places), "model.sha256 is '" + sha256 + "'",
                "a SHA-256 digest is 64 hexadecimal digits", "take it from sha256sum");
    for (auto& c : sha256) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

} // namespace

void validate(Config& config, Places const& places)
{
    check_required(config, "", places);
    for (std::size_t i = 0; i < config.model.inputs.size(); ++i)
        check_input(config.model.inputs[i], "model.inputs[" + std::to_string(i) + "]", places);
    check_digest(config.model.sha256, places);
}

} // namespace distinfer::config
