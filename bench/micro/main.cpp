#include "benchmarks.hpp"
#include "distinfer/comm/launcher.hpp"
#include "distinfer/comm/mpi_ranks.hpp"
#include "send.hpp"

#include <benchmark/benchmark.h>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string_view>

/// Without mpirun: fetch, decode and store. Under mpirun -np 2: send.
namespace distinfer::bench
{

namespace
{

constexpr auto usage = "micro_bench [--folder=DIR] [--window-kib=N] [--counts=FILE] [--benchmark_...]\n"
                       "mpirun -np 2 micro_bench [...]\n";

/// Takes an option of ours. Whether it was one.
bool take(std::string_view word, Settings& settings)
{
    auto const value = word.substr(std::min(word.size(), word.find('=') + 1));
    if (word.starts_with("--folder="))
        settings.folder = value;
    else if (word.starts_with("--window-kib="))
        settings.window_bytes = std::stoull(std::string{value}) << 10U;
    else if (word.starts_with("--counts="))
        settings.counts = value;
    else
        return false;
    return true;
}

/// What google-benchmark does not know has to be ours.
bool parse(int argc, char** argv, Settings& settings)
{
    settings.folder = std::filesystem::temp_directory_path().string();
    for (int i = 1; i < argc; ++i) {
        if (!take(argv[i], settings)) return false;
    }
    return settings.window_bytes >= row_bytes * chunk_rows && settings.window_bytes % (row_bytes * chunk_rows) == 0;
}

void run()
{
    benchmark::RunSpecifiedBenchmarks();
    // They own files: those have to go before the program ends.
    benchmark::ClearRegisteredBenchmarks();
}

void run_local(Settings const& settings)
{
    add_fetch(settings);
    add_decode(settings);
    add_store(settings);
    run();
}

int run_with_ranks(Settings const& settings)
{
    comm::MpiSession const session;
    comm::MpiRanks all;
    auto& communicator = all.communicator();
    if (communicator.size() != 2) {
        std::fputs(usage, stderr);
        return 2;
    }
    Ranks const ranks{communicator, all.transport()};
    if (communicator.is_root()) {
        add_send(settings, ranks);
        run();
        stop_serving();
    } else {
        serve(ranks);
    }
    return 0;
}

int run_all(int argc, char** argv)
{
    benchmark::Initialize(&argc, argv);
    Settings settings;
    if (!parse(argc, argv, settings)) {
        std::fputs(usage, stderr);
        return 2;
    }
    if (comm::launched(comm::process_environment)) return run_with_ranks(settings);
    run_local(settings);
    return 0;
}

} // namespace

} // namespace distinfer::bench

int main(int argc, char** argv)
{
    try {
        return distinfer::bench::run_all(argc, argv);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "micro_bench: %s\n", error.what());
        return 1;
    }
}
