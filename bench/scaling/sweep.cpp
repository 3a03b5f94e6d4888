#include "scaling/sweep.hpp"

#include "distinfer/core/narrow.hpp"

#include <algorithm>

namespace distinfer::scaling
{

namespace
{

constexpr std::uint64_t limit_windows_per_rank = 64; ///< enough for the last windows to count little

/// The smallest number of ranks below `most` for which something holds that holds for all larger ones; else `most`.
template <class Predicate>
int smallest(int most, Predicate const& holds)
{
    int below = 0;
    int from = most;
    while (below + 1 < from) {
        int const middle = (below + from) / 2;
        (holds(middle) ? from : below) = middle;
    }
    return from;
}

double efficiency(Work const& work, Machine const& machine, int ranks, Mode mode)
{
    return simulate(case_of(work, machine, ranks, mode, limit_windows_per_rank)).efficiency;
}

} // namespace

std::vector<NamedWork> sweep_works()
{
    return {{"images",
             "images as for ResNet-50: 150,528 bytes in, 4,000 out, 1,000 rows/s a rank",
             {.row_in = 150'528, .row_out = 4'000, .batch = 64, .batch_seconds = 64 / 1e3}},
            {"small",
             "small rows: 1 KiB in, 40 bytes out, 2,000,000 rows/s a rank",
             {.row_in = 1024, .row_out = 40, .batch = 4096, .batch_seconds = 4096 / 2e6}}};
}

Case case_of(Work work, Machine const& machine, int ranks, Mode mode, std::uint64_t windows_per_rank)
{
    std::uint64_t const batches =
        std::max<std::uint64_t>(1, work.window / (work.batch * std::max(work.row_in, work.row_out)));
    work.rows = narrow<std::uint64_t>(ranks) * windows_per_rank * batches * work.batch;
    return {.work = work,
            .machine = machine,
            .ranks = ranks,
            .direct_read = mode == Mode::direct,
            .direct_write = mode == Mode::direct};
}

Case required_case(Machine const& machine, int ranks)
{
    Work const work{.row_in = 64 << 10, .row_out = 1 << 10, .batch = 64, .batch_seconds = 1.0 / 16};
    return case_of(work, machine, ranks, Mode::direct, 60);
}

int scatter_limit(Work const& work, Machine const& machine, int most)
{
    auto const too_many = [&](int ranks) { return efficiency(work, machine, ranks, Mode::scatter) < 0.9; };
    return smallest(most + 1, too_many) - 1;
}

std::optional<int> direct_wins_from(Work const& work, Machine const& machine, int most)
{
    auto const wins = [&](int ranks) {
        return efficiency(work, machine, ranks, Mode::direct) >= efficiency(work, machine, ranks, Mode::scatter) + 0.01;
    };
    int const from = smallest(most, wins);
    return from == most ? std::nullopt : std::optional{from};
}

} // namespace distinfer::scaling
