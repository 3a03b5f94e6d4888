#pragma once

#include "distinfer/core/tensor_spec.hpp"
#include "distinfer/plan/threads.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::app
{

/// What root finds in the input files and tells every rank.
struct InputFacts
{
    std::uint64_t rows = 0;
    std::vector<TensorSpec> tensors;

    bool operator==(InputFacts const&) const = default;
};

std::string encode(InputFacts const& facts);
InputFacts decode_input_facts(std::string const& text);

/// What every rank tells all others of the place where it runs.
std::string encode(plan::RankCores const& cores);
plan::RankCores decode_rank_cores(std::string const& text);

/// How many ranks before this one run on its host. Pure.
int rank_on_node(std::vector<plan::RankCores> const& ranks, int rank);

} // namespace distinfer::app
