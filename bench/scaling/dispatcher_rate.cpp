#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/plan/window_plan.hpp"
#include "scaling/rates.hpp"

#include <algorithm>
#include <malloc.h>
#include <random>
#include <vector>

namespace distinfer::scaling
{

namespace
{

constexpr int slots = 3;

/// Bytes that malloc has handed out.
std::uint64_t heap_bytes()
{
    auto const info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// Windows that ranks hold; any of them may be the next that is done.
class Holders
{
  public:
    void add(plan::Assignment held) { held_.push_back(held); }
    bool empty() const { return held_.empty(); }

    plan::Assignment take_any()
    {
        std::swap(held_[random_() % held_.size()], held_.back());
        auto const any = held_.back();
        held_.pop_back();
        return any;
    }

  private:
    std::vector<plan::Assignment> held_;
    std::minstd_rand random_; // NOLINT(cert-msc51-cpp): the same order every time
};

} // namespace

std::uint64_t dispatcher_bytes(int ranks, std::uint64_t windows, plan::Schedule schedule)
{
    constexpr int about_all_ranks = 16'384;
    // Many of them, because malloc counts what it keeps for reuse as handed out: one small one would be free of charge.
    auto const copies = narrow<std::size_t>(std::max(1, about_all_ranks / ranks));
    std::vector<plan::Dispatcher> dispatchers;
    dispatchers.reserve(copies);
    auto const before = heap_bytes();
    for (std::size_t i = 0; i < copies; ++i) dispatchers.emplace_back(windows, ranks, slots, schedule);
    return (heap_bytes() - before) / copies + sizeof(plan::Dispatcher) + sizeof(plan::WindowPlan);
}

double dispatcher_rate(int ranks, std::uint64_t windows, plan::Schedule schedule)
{
    plan::WindowPlan const plan{{windows, 1}, 1};
    plan::Dispatcher dispatcher{plan.windows(), ranks, slots, schedule};
    Holders holders;
    std::uint64_t rows = 0;
    Stopwatch const watch;
    while (!dispatcher.done()) {
        while (auto const assignment = dispatcher.next()) {
            rows += plan.window(assignment->window).size();
            holders.add(*assignment);
        }
        if (!holders.empty()) dispatcher.finished(holders.take_any());
    }
    double const seconds = watch.seconds();
    expects(rows == windows, "each window to be handed out once");
    return static_cast<double>(windows) / seconds;
}

} // namespace distinfer::scaling
