#include "fault/shim/shim.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace distinfer::shim
{

namespace
{

constexpr auto errors = std::to_array<std::pair<char const*, int>>({{"EIO", EIO},
                                                                    {"ENOSPC", ENOSPC},
                                                                    {"EDQUOT", EDQUOT},
                                                                    {"EROFS", EROFS},
                                                                    {"ESTALE", ESTALE},
                                                                    {"EINTR", EINTR},
                                                                    {"EAGAIN", EAGAIN},
                                                                    {"ETIMEDOUT", ETIMEDOUT}});

struct Rule
{
    std::string call;
    std::string suffix;
    long first = 0; ///< 0: no rule
    Fault fault;
    bool always = false;
};

Fault fault_of(std::string const& name)
{
    if (name == "short") return {.is_short = true};
    for (auto const& [known, error] : errors)
        if (name == known) return {.error = error};
    std::fprintf(stderr, "fault shim: no error '%s'\n", name.c_str());
    ::_exit(99);
}

/// Calls that a rule is about; tells at the end how many there were.
struct Counter
{
    ~Counter()
    {
        if (calls > 0) std::fprintf(stderr, "fault shim: %ld calls\n", calls.load());
    }

    std::atomic<long> calls{0};
};

Rule read_rule()
{
    char const* const text = std::getenv("DIST_INFER_TEST_FAULT");
    if (text == nullptr) return {};
    Rule rule;
    std::string error;
    std::string times;
    std::istringstream{text} >> rule.call >> rule.suffix >> rule.first >> error >> times;
    rule.fault = fault_of(error);
    rule.always = times == "always";
    return rule;
}

} // namespace

std::string path_of(int descriptor)
{
    std::array<char, 4096> path{};
    auto const link = "/proc/self/fd/" + std::to_string(descriptor);
    auto const length = ::readlink(link.c_str(), path.data(), path.size());
    return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string{};
}

Fault next_fault(char const* call, std::string const& path)
{
    static Rule const rule = read_rule();
    static Counter counter;
    if (rule.first == 0 || rule.call != call || !path.ends_with(rule.suffix)) return {};
    auto const number = ++counter.calls;
    if (number == rule.first) std::fprintf(stderr, "fault shim: %s of %s\n", call, path.c_str());
    bool const is_due = number == rule.first || (rule.always && number > rule.first);
    return is_due ? rule.fault : Fault{};
}

} // namespace distinfer::shim
