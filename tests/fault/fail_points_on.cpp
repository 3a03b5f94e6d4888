#include "distinfer/core/fail_point.hpp"

#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

namespace distinfer
{

namespace
{

/// How often this process has been at a point, this time included.
int times_at(std::string const& name)
{
    static std::mutex mutex;
    static std::map<std::string, int> times;
    std::lock_guard const lock{mutex};
    return ++times[name];
}

/// Whether a wish of the form "[RANK@]NAME[#TIMES]" means this process, at this point, now.
bool is_meant(std::string wish, std::string_view name, int times)
{
    if (auto const at = wish.find('@'); at != std::string::npos) {
        char const* const rank = std::getenv("OMPI_COMM_WORLD_RANK");
        if (!rank || wish.substr(0, at) != rank) return false;
        wish.erase(0, at + 1);
    }
    int wanted = 1;
    if (auto const hash = wish.find('#'); hash != std::string::npos) {
        wanted = std::stoi(wish.substr(hash + 1));
        wish.erase(hash);
    }
    return wish == name && wanted == times;
}

} // namespace

/// Ends the process, as a lost node would, at the points that the environment names: "1@infer#3;commit: synced".
void fail_point(std::string_view name)
{
    char const* const wanted = std::getenv("DIST_INFER_TEST_FAIL_POINT");
    if (!wanted) return;
    int const times = times_at(std::string{name});
    std::istringstream wishes{wanted};
    for (std::string wish; std::getline(wishes, wish, ';');)
        if (is_meant(wish, name, times)) std::raise(SIGKILL);
}

} // namespace distinfer
