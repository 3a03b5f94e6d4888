#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

/// What is measured: each stage of a window's life, and beside it a floor, which is what the machine itself needs for
/// the same bytes. Both are named "STAGE/WHAT": those of one stage belong together.
namespace distinfer::bench
{

/// How large things are, and where files are made.
struct Settings
{
    std::string folder;
    std::uint64_t window_bytes = std::uint64_t{16} << 20;
    std::uint64_t windows = 16; ///< in a file
    std::string counts;         ///< an HDF5 file with counts in /x for the line of root's CPU time; empty: one is made
};

constexpr std::uint64_t row_bytes = 4096;
constexpr std::uint64_t chunk_rows = 64;

/// What is timed. Called with 0, 1, 2, ... in each run; returns the bytes that it moved.
using Work = std::function<std::uint64_t(std::uint64_t turn)>;

enum class Clock {
    thread,  ///< CPU time of the thread that does the work: what waits for nothing is measured on a busy machine too
    process, ///< CPU time of the whole process
    wall,
};

/// Gives a thing that is made when it is first asked for: most of them are not, where a filter picks benchmarks.
template <class Thing>
std::function<Thing&()> once(std::function<std::unique_ptr<Thing>()> make)
{
    auto made = std::make_shared<std::unique_ptr<Thing>>();
    return [made, make = std::move(make)]() -> Thing& {
        if (!*made) *made = make();
        return **made;
    };
}

/// Registers a benchmark. Its work is done once, with turn 0, before the clock runs.
/// @param stage what belongs together in the table
/// @param what "dist-infer", or what the floor is
void add(std::string const& stage, std::string const& what, Work work, Clock clock = Clock::thread);

void add_fetch(Settings const& settings);
void add_decode(Settings const& settings);
void add_store(Settings const& settings);

} // namespace distinfer::bench
