#include "benchmarks.hpp"

#include <benchmark/benchmark.h>

namespace distinfer::bench
{

void add(std::string const& stage, std::string const& what, Work work, Clock clock)
{
    auto const run = [work = std::move(work)](benchmark::State& state) {
        work(0);
        std::uint64_t turn = 0;
        std::uint64_t bytes = 0;
        for ([[maybe_unused]] auto _ : state) {
            bytes += work(turn++);
            benchmark::ClobberMemory();
        }
        state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
    };
    auto* const made = benchmark::RegisterBenchmark((stage + "/" + what).c_str(), run);
    made->Unit(benchmark::kMillisecond);
    if (clock == Clock::process) made->MeasureProcessCPUTime();
    if (clock == Clock::wall) made->UseRealTime();
}

} // namespace distinfer::bench
