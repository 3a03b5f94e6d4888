#pragma once

#include "distinfer/core/tensor_spec.hpp"
#include "distinfer/io/output_file.hpp"
#include "distinfer/io/stored_form.hpp"
#include "distinfer/plan/threads.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::app
{

/// What root finds in the input files and tells every rank, file by file.
std::string encode(std::vector<io::FileFacts> const& files);
std::vector<io::FileFacts> decode_file_facts(std::string const& text);

/// Where root has placed the output's datasets, for ranks that write themselves.
std::string encode(std::vector<io::PlacedDataset> const& datasets);
std::vector<io::PlacedDataset> decode_placed_datasets(std::string const& text);

/// What a later run has to know of an output that is not finished.
struct OutputFacts
{
    std::uint64_t rows = 0;
    int threads = 0;         ///< of a rank, in every attempt
    std::uint64_t batch = 0; ///< rows, in every attempt; 0: not recorded
    std::vector<io::PlacedDataset> datasets;

    bool operator==(OutputFacts const&) const = default;
};

std::string encode(OutputFacts const& facts);

/// @throws OutputError where the text, which comes from a file, is none
OutputFacts decode_output_facts(std::string const& text);

/// Ranges of rows, as root tells them to every rank.
std::string encode(std::vector<RowRange> const& ranges);
std::vector<RowRange> decode_ranges(std::string const& text);

/// What every rank tells all others of the place where it runs.
std::string encode(plan::RankCores const& cores);
plan::RankCores decode_rank_cores(std::string const& text);

/// How many ranks before this one run on its host. Pure.
int rank_on_node(std::vector<plan::RankCores> const& ranks, int rank);

} // namespace distinfer::app
