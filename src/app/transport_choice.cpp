#include "distinfer/app/transport_choice.hpp"

#include "distinfer/core/error.hpp"

#include <map>
#include <optional>

namespace distinfer::app
{

namespace
{

constexpr auto or_else = "use run.transport: auto or mpi";

/// A rank that keeps the job from having nccl, and why; nothing where none does.
struct Obstacle
{
    std::string why;
    std::string suggestion;
};

std::optional<Obstacle> obstacle_in(std::vector<TransportFacts> const& ranks)
{
    std::map<std::string, std::string> owners;
    for (auto const& rank : ranks) {
        if (!rank.has_nccl)
            return Obstacle{"the program of " + rank.name + " was built without it",
                            std::string{"start the gpu build, or "} + or_else};
        if (rank.gpu.empty())
            return Obstacle{rank.name + " computes on " + rank.device +
                                ": no GPU is visible to it, or run.device is cpu",
                            std::string{"give every rank a GPU, or "} + or_else};
        auto const [owner, is_new] = owners.emplace(rank.gpu, rank.name);
        if (!is_new)
            return Obstacle{owner->second + " and " + rank.name + " have one GPU, " + rank.device,
                            std::string{"start one rank for each GPU, or "} + or_else};
    }
    return std::nullopt;
}

} // namespace

config::TransportChoice choose_transport(config::TransportChoice choice, std::vector<TransportFacts> const& ranks,
                                         bool survives_losses)
{
    using config::TransportChoice;
    if (choice == TransportChoice::mpi || choice == TransportChoice::gloo) return choice;
    auto const obstacle = obstacle_in(ranks);
    if (choice == TransportChoice::automatic)
        return ranks.size() == 1 || obstacle || survives_losses ? TransportChoice::mpi : TransportChoice::nccl;
    if (obstacle) throw DeviceError("run.transport: nccl cannot be had", obstacle->why, obstacle->suggestion);
    if (survives_losses)
        throw LaunchError("run.transport: nccl cannot be had",
                          "this MPI goes on without a rank that died, and NCCL does not",
                          std::string{"start it without --with-ft ulfm, or "} + or_else);
    return choice;
}

} // namespace distinfer::app
