#include "distinfer/comm/launcher.hpp"

#include "distinfer/core/error.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace distinfer::comm
{

namespace
{

std::optional<int> integer(Lookup const& lookup, char const* name)
{
    auto const text = lookup(name);
    if (!text) return std::nullopt;
    int value = 0;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return value;
}

} // namespace

std::optional<std::string> process_environment(char const* name)
{
    char const* value = std::getenv(name);
    if (!value) return std::nullopt;
    return std::string{value};
}

bool launched(Lookup const& lookup)
{
    for (auto const* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"})
        if (lookup(name)) return true;
    return false;
}

int rank_hint(Lookup const& lookup)
{
    for (auto const* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"})
        if (auto const rank = integer(lookup, name)) return *rank;
    return 0;
}

void check_launch(Lookup const& lookup, int size)
{
    if (size != 1) return;
    // The nearest launcher first: what it says holds, even inside a larger allocation.
    for (auto const* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"}) {
        auto const tasks = integer(lookup, name);
        if (!tasks) continue;
        if (*tasks <= 1) return;
        bool const allocation = std::string_view{name} == "SLURM_NTASKS";
        throw LaunchError("this process is alone, but " +
                              std::string{allocation ? "SLURM granted " : "the launcher started "} +
                              std::to_string(*tasks) + (allocation ? " tasks" : " of them"),
                          std::string{name} + "=" + std::to_string(*tasks) + ", MPI's size is 1",
                          "start it with the mpirun of the MPI that dist-infer was built with, or with "
                          "srun --mpi=pmix; for one rank on purpose: mpirun -np 1");
    }
}

} // namespace distinfer::comm
