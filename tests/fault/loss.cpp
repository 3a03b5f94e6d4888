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

namespace
{

/// Appends "RANK@STAGE" for each of the stages.
void add(std::vector<std::string>& points, char const* rank, std::initializer_list<char const*> stages)
{
    for (char const* stage : stages) points.push_back(std::string{rank} + stage);
}

} // namespace

std::vector<Loss> at_each_stage(bool direct)
{
    std::vector<std::string> points;
    add(points, "0@",
        {"fetch", "fetch#4", "store", "store#4", "infer", "infer#40", "commit: synced", "commit: appended",
         "commit: recorded", "finish: begins", "finish: attributes are written", "finish: sealed", "finish: published",
         "finish: ledger is gone"});
    if (!direct) add(points, "0@", {"send", "send#4"});
    for (char const* rank : {"1@", "2@"}) {
        add(points, rank, {"infer", "infer#40", "farewell"});
        if (direct)
            add(points, rank, {"fetch", "fetch#4", "store", "store#4"});
        else
            add(points, rank, {"return", "return#4"});
    }
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
