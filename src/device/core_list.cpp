#include "distinfer/device/core_list.hpp"

#include <charconv>

namespace distinfer::device
{

namespace
{

constexpr int most = 1 << 16; ///< cores of a host; a longer list is none

/// The number that the text begins with, and takes it off; -1 where there is none.
int take_number(std::string_view& text)
{
    int number = -1;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0 || number >= most) return -1;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool take(std::string_view& text, char separator)
{
    if (!text.starts_with(separator)) return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

std::vector<int> parse_core_list(std::string_view text)
{
    std::vector<int> cores;
    do {
        int const first = take_number(text);
        if (first < 0) break;
        int const last = take(text, '-') ? take_number(text) : first;
        for (int core = first; core <= last; ++core) cores.push_back(core);
    } while (take(text, ','));
    return cores;
}

std::string core_list(std::vector<int> const& cores)
{
    std::string text;
    for (std::size_t i = 0; i < cores.size(); ++i) {
        auto const first = i;
        while (i + 1 < cores.size() && cores[i + 1] == cores[i] + 1) ++i;
        text += (text.empty() ? "" : ",") + std::to_string(cores[first]);
        if (i > first) text += "-" + std::to_string(cores[i]);
    }
    return text;
}

} // namespace distinfer::device
