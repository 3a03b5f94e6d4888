#include "channels.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/transport/transports.hpp"
#include "first_line.hpp"
#include "nccl_channel.hpp"
#include "staging.hpp"

#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <chrono>
#include <cstring>
#include <map>
#include <mutex>

namespace distinfer::transport
{

namespace
{

constexpr std::chrono::seconds longest_connect{120};

class NcclLink : public Link
{
  public:
    NcclLink(std::unique_ptr<NcclGroups> groups, c10::Device device) : device_(device), groups_(std::move(groups)) {}

    void send(int to, std::span<std::byte const> bytes) override
    {
        send_staged(channel({to, true}, [this, to](at::Tensor const& t) { return groups_->begin_send(t, to); }), bytes);
    }

    void receive(int from, std::span<std::byte> bytes) override
    {
        receive_staged(
            channel({from, false}, [this, from](at::Tensor const& t) { return groups_->begin_receive(t, from); }),
            bytes);
    }

    void abort() noexcept override
    {
        std::lock_guard const lock{mutex_};
        for (auto& [key, channel] : channels_) channel.abort();
        groups_->abort();
    }

  private:
    NcclChannel& channel(std::pair<int, bool> const& key, NcclChannel::Move move)
    {
        std::lock_guard const lock{mutex_};
        return channels_.try_emplace(key, device_, std::move(move)).first->second;
    }

    c10::Device device_;
    std::unique_ptr<NcclGroups> groups_;
    std::mutex mutex_;
    std::map<std::pair<int, bool>, NcclChannel> channels_; ///< by the other rank, and whether it is sent to
};

c10::intrusive_ptr<c10d::TCPStore> open_store(std::string const& host, std::uint16_t port, bool is_server)
{
    return c10::make_intrusive<c10d::TCPStore>(
        host,
        c10d::TCPStoreOptions{.port = port, .isServer = is_server, .waitWorkers = false, .timeout = longest_connect});
}

/// Root's own; nothing, and why, where it cannot be had.
c10::intrusive_ptr<c10d::TCPStore> serve_store(std::string const& host, std::exception_ptr& failure)
{
    try {
        return open_store(host, 0, true);
    } catch (std::exception const&) {
        failure = std::current_exception();
        return {};
    }
}

/// Where the communicators of NCCL find each other: a store of root's, at a port that the system chooses and root tells
/// the others, also where it has none.
c10::intrusive_ptr<c10d::Store> find_store(comm::Communicator& communicator, std::string const& host)
{
    c10::intrusive_ptr<c10d::TCPStore> own;
    std::exception_ptr failure;
    std::vector<std::byte> told(sizeof(std::uint16_t));
    if (communicator.is_root()) own = serve_store(host, failure);
    std::uint16_t port = own ? own->getPort() : 0;
    std::memcpy(told.data(), &port, sizeof port);
    communicator.broadcast(told, 0);
    if (failure) std::rethrow_exception(failure);
    if (own) return own;
    std::memcpy(&port, told.data(), sizeof port);
    if (port == 0) throw LaunchError("rank 0 has no store for NCCL");
    return open_store(host, port, false);
}

/// Connects this rank with those that it will move windows to and from: NCCL would else do so at the first window, and
/// what is wrong would be found in mid-run.
void connect(Link& link, int rank, int size)
{
    std::vector<std::byte> byte(1);
    if (rank != 0) {
        link.receive(0, byte);
        link.send(0, byte);
        return;
    }
    for (int other = 1; other < size; ++other) {
        link.send(other, byte);
        link.receive(other, byte);
    }
}

std::unique_ptr<Link> make_link(Peers const& peers, std::string const& device)
{
    auto& communicator = peers.communicator;
    auto const store = find_store(communicator, choose_addresses(peers.addresses).front());
    auto groups = std::make_unique<NcclGroups>(store, communicator.rank(), communicator.size());
    auto link = std::make_unique<NcclLink>(std::move(groups), c10::Device{device});
    connect(*link, communicator.rank(), communicator.size());
    return link;
}

} // namespace

bool has_nccl()
{
    return true;
}

std::unique_ptr<comm::Transport> make_nccl_transport(Peers const& peers, std::string const& device)
{
    try {
        return std::make_unique<ChannelTransport>(make_link(peers, device), peers.names, false);
    } catch (Error const&) {
        throw;
    } catch (std::exception const& error) {
        throw LaunchError("NCCL cannot connect the GPUs", first_line(error.what()),
                          "NCCL_DEBUG=INFO tells more; run.transport: mpi does without");
    }
}

} // namespace distinfer::transport
