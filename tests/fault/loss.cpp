#include "fault/loss.hpp"

#include <cstdlib>

namespace distinfer::test
{

std::vector<std::string> options_of(Loss const& loss)
{
    std::vector<std::string> options;
    if (loss.direct) options = {"--set", "input.read=direct", "--set", "output.write=direct"};
    if (loss.in_blocks) options.insert(options.end(), {"--set", "run.schedule=static"});
    return options;
}

std::vector<Loss> at_each_stage(bool direct)
{
    std::vector<std::string> points{"0@fetch", "0@fetch#4", "0@store", "0@store#4"};
    for (char const* rank : {"0@", "1@", "2@"})
        for (char const* stage : {"infer", "infer#40"}) points.push_back(std::string{rank} + stage);
    for (char const* stage :
         {"commit: synced", "commit: appended", "commit: recorded", "finish: begins", "finish: attributes are written",
          "finish: sealed", "finish: published", "finish: ledger is gone"})
        points.push_back(std::string{"0@"} + stage);
    for (char const* rank : {"1@", "2@"}) {
        points.push_back(std::string{rank} + "farewell");
        for (char const* stage : {"fetch", "fetch#4", "store", "store#4"})
            if (direct) points.push_back(std::string{rank} + stage);
        for (char const* stage : {"return", "return#4"})
            if (!direct) points.push_back(std::string{rank} + stage);
    }
    if (!direct) points.insert(points.end(), {"0@send", "0@send#4"});
    std::vector<Loss> losses;
    for (auto const& point : points) losses.push_back({.fail_points = point, .direct = direct});
    for (std::size_t i = 0; i < losses.size(); ++i) losses[i].in_blocks = i % 3 == 0;
    return losses;
}

std::vector<Loss> of_four(std::initializer_list<char const*> fail_points)
{
    std::vector<Loss> losses;
    for (char const* points : fail_points)
        for (bool const direct : {false, true})
            for (bool const in_blocks : {false, true})
                losses.push_back({.fail_points = points, .direct = direct, .in_blocks = in_blocks, .ranks = 4});
    return losses;
}

bool all_losses_wanted()
{
    char const* const wanted = std::getenv("DIST_INFER_TEST_LOSSES");
    return wanted && std::string{wanted} == "all";
}

} // namespace distinfer::test
