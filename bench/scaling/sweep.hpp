#pragma once

#include "scaling/simulation.hpp"

#include <optional>
#include <string>
#include <vector>

namespace distinfer::scaling
{

/// A work of the sweep, without its number of rows: that grows with the ranks.
struct NamedWork
{
    std::string name;
    std::string title;
    Work work;
};

/// Images through a network such as ResNet-50 on a GPU, and short rows through a small network.
std::vector<NamedWork> sweep_works();

/// How windows come to the ranks, and results back.
enum class Mode { scatter, direct };

/// The case of a work with as many rows as give each rank that many windows.
Case case_of(Work work, Machine const& machine, int ranks, Mode mode, std::uint64_t windows_per_rank);

/// 16,384 ranks, windows of one second each, a minute of them: what the design has to keep busy.
Case required_case(Machine const& machine, int ranks);

/// The largest number of ranks, of `most` at most, for which root, scattering, keeps them 90 % busy; 0 where one rank
/// is too many.
int scatter_limit(Work const& work, Machine const& machine, int most);

/// The smallest number of ranks that direct keeps busier than scatter does, by one percentage point or more. Nothing
/// where it is `most` or more.
std::optional<int> direct_wins_from(Work const& work, Machine const& machine, int most);

} // namespace distinfer::scaling
