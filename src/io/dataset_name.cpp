#include "dataset_name.hpp"

#include <algorithm>
#include <string_view>

namespace distinfer::io
{

std::optional<std::string> absolute_name(std::string name)
{
    if (!name.starts_with('/')) name.insert(0, 1, '/');
    std::size_t begin = 1;
    while (begin <= name.size()) {
        auto const end = std::min(name.find('/', begin), name.size());
        auto const part = std::string_view{name}.substr(begin, end - begin);
        if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string_view::npos)
            return std::nullopt;
        begin = end + 1;
    }
    return name;
}

bool exclude_each_other(std::string const& a, std::string const& b)
{
    return a == b || a.starts_with(b + "/") || b.starts_with(a + "/");
}

} // namespace distinfer::io
