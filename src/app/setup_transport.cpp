// What carries the windows of a job.
#include "distinfer/app/agree.hpp"
#include "distinfer/app/place.hpp"
#include "distinfer/app/setup.hpp"
#include "distinfer/app/transport_choice.hpp"
#include "distinfer/app/watchdog.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/device/host.hpp"
#include "distinfer/transport/transports.hpp"

namespace distinfer::app
{

namespace
{

constexpr double longest_connect = 120; ///< seconds; as MPI_Init may take

std::vector<TransportFacts> gather_facts(comm::Communicator& communicator, plan::Binding const& binding,
                                         Takeover const& takeover)
{
    std::vector<TransportFacts> facts;
    for (auto const& has_nccl : communicator.allgather(transport::has_nccl() ? "yes" : "no")) {
        auto const rank = facts.size();
        auto const first_user = std::to_string(binding.first_users.at(rank));
        facts.push_back({.name = takeover.name(narrow<int>(rank)),
                         .device = device_name(binding, narrow<int>(rank)),
                         .gpu = binding.devices[rank] ? first_user : "",
                         .has_nccl = has_nccl == "yes"});
    }
    return facts;
}

transport::Peers gather_peers(comm::Communicator& communicator, std::vector<TransportFacts> const& facts)
{
    transport::Peers peers{.communicator = communicator, .names = {}, .addresses = {}};
    for (auto const& rank : facts) peers.names.push_back(rank.name);
    std::string own;
    agree(communicator, [&] {
        auto const wanted = config::process_environment()("GLOO_SOCKET_IFNAME").value_or("");
        own = transport::encode(transport::own_addresses(device::host_name(), wanted));
    });
    for (auto const& text : communicator.allgather(own)) peers.addresses.push_back(transport::decode_addresses(text));
    return peers;
}

} // namespace

void Setup::choose_transport(comm::Transport& of_mpi)
{
    using config::TransportChoice;
    transport_ = &of_mpi;
    auto const facts = gather_facts(communicator_, binding_, takeover_);
    auto chosen = TransportChoice::mpi;
    agree(communicator_,
          [&] { chosen = app::choose_transport(config_.run.transport, facts, communicator_.survives_losses()); });
    auto const name = std::string{config::name_of(chosen)};
    report_.transport = communicator_.size() > 1 ? name : "none";
    if (chosen == TransportChoice::mpi) return;

    auto const peers = gather_peers(communicator_, facts);
    Watchdog const watchdog{{.name = "connecting the ranks by " + name,
                             .seconds = longest_connect,
                             .suggestion = "see whether the hosts reach each other, or use run.transport: mpi",
                             .code = ExitCode::launch}};
    // Here the phase does talk to the others, and as often whether it fails or not.
    agree(communicator_, [&] {
        own_transport_ = chosen == TransportChoice::gloo ? transport::make_gloo_transport(peers)
                                                         : transport::make_nccl_transport(peers, device_);
    });
    transport_ = own_transport_.get();
}

} // namespace distinfer::app
