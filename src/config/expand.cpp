#include "expand.hpp"

#include <algorithm>
#include <cctype>

namespace distinfer::config
{

namespace
{

bool is_name(std::string const& text)
{
    auto const fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    return !text.empty() && std::all_of(text.begin(), text.end(), fits) && (text[0] < '0' || text[0] > '9');
}

/// The value of what stands between "${" and "}".
std::string value_of(std::string const& inside, std::string const& place, Environment const& environment)
{
    auto const colon = inside.find(":-");
    auto const name = inside.substr(0, colon);
    if (!is_name(name) || inside.find("${") != std::string::npos)
        fail_at(place, "'${" + inside + "}' is no variable", "expected ${NAME} or ${NAME:-default}",
                "a literal dollar is written $$");
    auto const value = environment(name);
    bool const has_default = colon != std::string::npos;
    if (value && !(has_default && value->empty())) return *value;
    if (!has_default)
        fail_at(place, "the environment variable " + name + " is not defined", "",
                "set it, or write ${" + name + ":-default}");
    return inside.substr(colon + 2);
}

std::string expanded(std::string const& text, std::string const& place, Environment const& environment)
{
    std::string result;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.compare(at, 2, "$$") == 0) {
            result += '$';
            at += 2;
        } else if (text.compare(at, 2, "${") == 0) {
            auto const end = text.find('}', at);
            if (end == std::string::npos)
                fail_at(place, "'" + text.substr(at) + "' is no variable", "its '}' is missing",
                        "a literal dollar is written $$");
            result += value_of(text.substr(at + 2, end - at - 2), place, environment);
            at = end + 1;
        } else {
            result += text[at++];
        }
    }
    return result;
}

} // namespace

void expand(Node& node, Environment const& environment)
{
    if (node.kind == Node::Kind::scalar) node.text = expanded(node.text, node.place, environment);
    for (auto& item : node.items) expand(item, environment);
}

} // namespace distinfer::config
