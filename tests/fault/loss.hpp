#pragma once

#include <initializer_list>
#include <string>
#include <vector>

namespace distinfer::test
{

/// Ranks that are killed at fail points, in a form of the job.
struct Loss
{
    std::string fail_points; ///< "1@infer#3": rank 1, when it infers its third batch
    bool direct = false;
    bool in_blocks = false;
    int ranks = 3;
};

std::vector<std::string> options_of(Loss const& loss);

/// One of three ranks is killed, at each stage of the life of a window and of the job's end.
std::vector<Loss> at_each_stage(bool direct);

/// The same with each of the fail points in each form of a job of four ranks.
std::vector<Loss> of_four(std::initializer_list<char const*> fail_points);

/// Whether every loss is to be tried, as tools/soak asks, and not a part of them.
bool all_losses_wanted();

} // namespace distinfer::test
