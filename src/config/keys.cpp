#include "distinfer/config/keys.hpp"

#include "distinfer/config/fields.hpp"
#include "distinfer/core/did_you_mean.hpp"

#include <algorithm>

namespace distinfer::config
{

namespace
{

struct Key
{
    std::string path;
    std::string doc;
};

/// Gathers the keys of a struct, and those of the structs inside it; a list is one key.
template <HasFields S>
void gather_keys(S const& s, std::string const& prefix, std::vector<Key>& found)
{
    visit_fields(
        [&]<class T>(Field const& field, T const& member) {
            auto const path = prefix + std::string{field.key};
            if constexpr (HasFields<T>)
                gather_keys(member, path + ".", found);
            else
                found.push_back({path, explain<T>(field)});
        },
        s);
}

std::vector<Key> all_keys()
{
    std::vector<Key> found;
    gather_keys(Config{}, "", found);
    return found;
}

std::string_view last_part(std::string_view key)
{
    return key.substr(key.rfind('.') + 1);
}

} // namespace

std::vector<std::string> keys()
{
    std::vector<std::string> paths;
    for (auto const& key : all_keys()) paths.push_back(key.path);
    return paths;
}

std::string doc_of(std::string_view key)
{
    for (auto const& known : all_keys())
        if (known.path == key) return known.doc;
    return {};
}

std::string environment_name(std::string_view key)
{
    std::string name = "DIST_INFER_";
    for (auto const c : key) name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

std::string suggest_key(std::string_view written)
{
    auto const known = keys();
    std::vector<std::string_view> const whole{known.begin(), known.end()};
    auto best = nearest(written, whole);
    if (best.empty()) {
        std::vector<std::string_view> last;
        for (auto const key : whole) last.push_back(last_part(key));
        auto const part = nearest(last_part(written), last);
        if (part.empty()) return {};
        best = *std::find_if(whole.begin(), whole.end(), [&](auto const key) { return last_part(key) == part; });
    }
    return "did you mean '" + std::string{best} + "'?";
}

} // namespace distinfer::config
