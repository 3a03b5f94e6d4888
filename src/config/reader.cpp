#include "reader.hpp"

#include "distinfer/config/keys.hpp"
#include "distinfer/core/did_you_mean.hpp"

#include <algorithm>
#include <filesystem>

namespace distinfer::config
{

namespace
{

std::string join(std::string const& path, std::string_view key)
{
    return path.empty() ? std::string{key} : path + "." + std::string{key};
}

void check_kind(Node const& node, Node::Kind wanted, std::string const& path)
{
    if (node.kind == wanted) return;
    std::string why = "expected ";
    why.append(name_of(wanted)).append(", got ").append(name_of(node.kind));
    fail_at(node.place, (path.empty() ? "the config" : path) + " has the wrong form", why);
}

/// The key may be right, but of another section.
void check_keys(Node const& node, std::vector<std::string_view> const& known, std::string const& path)
{
    for (auto const& item : node.items) {
        if (std::find(known.begin(), known.end(), item.key) != known.end()) continue;
        auto const elsewhere = nearest(item.key, known).empty() ? suggest_key(item.key) : "";
        fail_at(item.key_place, "unknown key '" + join(path, item.key) + "'", "",
                elsewhere.empty() ? did_you_mean(item.key, known) : elsewhere);
    }
}

void check_version(Node const& root)
{
    auto const* const version = root.find("version");
    if (version == nullptr || (version->kind == Node::Kind::scalar && version->text == "1")) return;
    fail_at(version->place, "version is not 1", "this program knows only version 1 of the config");
}

/// A path as it works from the current folder. ".." stays: taking it away would be wrong where a folder is a link.
std::string from_folder(std::string const& base_dir, std::string const& path)
{
    if (path.empty() || base_dir.empty() || base_dir == ".") return path;
    auto const below = path.starts_with("./") ? path.substr(2) : path;
    return (std::filesystem::path{base_dir} / below).string();
}

template <class T>
void parse_scalar(Node const& node, Field const& field, T& out, std::string const& path)
{
    auto const is_null = node.kind == Node::Kind::null;
    try {
        if (is_null)
            parse_null(field, out);
        else
            parse_text(node.text, field, out);
    } catch (BadValue const& bad) {
        fail_at(node.place, path + " is " + (is_null ? "empty" : "'" + node.text + "'"), bad.why, bad.suggestion);
    }
}

} // namespace

void Reader::read(Node const& root, std::string const& base_dir)
{
    base_dir_ = base_dir;
    check_kind(root, Node::Kind::map, "");
    check_version(root);
    auto sections = root;
    std::erase_if(sections.items, [](Node const& item) { return item.key == "version"; });
    read_struct(sections, config_, "");
}

template <HasFields S>
void Reader::read_struct(Node const& node, S& out, std::string const& path)
{
    check_kind(node, Node::Kind::map, path);
    std::vector<std::string_view> known;
    visit_fields([&](Field const& field, auto const&) { known.push_back(field.key); }, out);
    check_keys(node, known, path);
    visit_fields(
        [&](Field const& field, auto& member) {
            if (auto const* const item = node.find(field.key)) read_value(*item, field, member, join(path, field.key));
        },
        out);
}

template <class T>
void Reader::read_value(Node const& node, Field const& field, T& out, std::string const& path)
{
    if (node.kind != Node::Kind::null) check_kind(node, Node::Kind::scalar, path);
    parse_scalar(node, field, out, path);
    if constexpr (std::same_as<T, std::string>)
        if (field.path) out = from_folder(base_dir_, out);
    places_[path] = node.place;
}

template <HasFields S>
void Reader::read_value(Node const& node, Field const&, S& out, std::string const& path)
{
    if (!node.place.empty()) places_[path] = node.place;
    // A section whose keys are all commented out says nothing.
    if (node.kind != Node::Kind::null) read_struct(node, out, path);
}

template <class T>
void Reader::read_value(Node const& node, Field const& field, std::vector<T>& out, std::string const& path)
{
    // One value is a list of one, where a list item is one value.
    auto const is_single = !HasFields<T> && node.kind == Node::Kind::scalar;
    if (!is_single) check_kind(node, Node::Kind::list, path);
    std::erase_if(places_, [&](auto const& place) { return place.first.starts_with(path + "["); });
    places_[path] = node.place;
    out.clear();
    if (is_single) return read_value(node, field, out.emplace_back(), path);
    for (auto const& item : node.items) {
        auto const item_path = path + "[" + std::to_string(out.size()) + "]";
        read_value(item, field, out.emplace_back(), item_path);
    }
}

} // namespace distinfer::config
