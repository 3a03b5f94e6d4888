#include "agreed_store.hpp"
#include "channels.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/transport/transports.hpp"
#include "first_line.hpp"

#include <ATen/ops/from_blob.h>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include <algorithm>
#include <chrono>
#include <set>

namespace distinfer::transport
{

namespace
{

using c10d::ProcessGroupGloo;

/// What connecting all ranks may take, who have just met.
constexpr std::chrono::seconds longest_connect{30};

/// How long a window may take is not gloo's to decide, but that of the deadlines of the pipeline.
constexpr std::chrono::hours for_ever{24 * 365};

class GlooLink : public Link
{
  public:
    GlooLink(std::unique_ptr<ProcessGroupGloo> group, std::size_t message_bytes)
        : group_(std::move(group)), message_bytes_(message_bytes)
    {}

    void send(int to, std::span<std::byte const> bytes) override
    {
        // gloo only reads what it sends, but a tensor's memory is not const.
        move({const_cast<std::byte*>(bytes.data()), bytes.size()}, // NOLINT(cppcoreguidelines-pro-type-const-cast)
             [&](auto& piece) { return group_->send(piece, to, 0); });
    }

    void receive(int from, std::span<std::byte> bytes) override
    {
        move(bytes, [&](auto& piece) { return group_->recv(piece, from, 0); });
    }

    void abort() noexcept override
    {
        std::lock_guard const lock{mutex_};
        aborted_ = true;
        for (auto const& work : running_) work->abort();
    }

  private:
    using Work = c10::intrusive_ptr<c10d::Work>;

    /// Piece by piece; `begin` begins to move one.
    template <class Begin>
    void move(std::span<std::byte> bytes, Begin const& begin)
    {
        for (std::size_t at = 0; at < bytes.size(); at += message_bytes_) {
            auto const piece = bytes.subspan(at, std::min(message_bytes_, bytes.size() - at));
            std::vector<at::Tensor> tensors{at::from_blob(piece.data(), {narrow<std::int64_t>(piece.size())},
                                                          at::TensorOptions{}.dtype(at::kByte))};
            await([&] { return begin(tensors); });
        }
    }

    template <class Begin>
    void await(Begin const& begin)
    {
        Running const running{*this, begin};
        if (!running.work || !running.work->wait(for_ever)) throw LaunchError("the transfer was given up");
    }

    /// Work that abort() ends; none where it was called before.
    struct Running
    {
        GlooLink& link;
        Work work;

        template <class Begin>
        Running(GlooLink& of, Begin const& begin) : link(of)
        {
            std::lock_guard const lock{link.mutex_};
            if (!link.aborted_) work = *link.running_.insert(begin()).first;
        }
        ~Running()
        {
            std::lock_guard const lock{link.mutex_};
            link.running_.erase(work);
        }
        Running(Running const&) = delete;
        Running& operator=(Running const&) = delete;
    };

    std::unique_ptr<ProcessGroupGloo> group_;
    std::size_t message_bytes_;
    std::mutex mutex_; ///< guards what is below, and the beginning of work: the group counts it
    std::set<Work> running_;
    bool aborted_ = false;
};

std::unique_ptr<ProcessGroupGloo> connect(Peers const& peers, c10::intrusive_ptr<AgreedStore> const& store)
{
    auto const rank = peers.communicator.rank();
    auto const address = choose_addresses(peers.addresses).at(narrow<std::size_t>(rank));
    auto options = ProcessGroupGloo::Options::create(longest_connect);
    options->devices.push_back(ProcessGroupGloo::createDeviceForHostname(address));
    options->threads = 1; // of collectives, of which there are none
    return std::make_unique<ProcessGroupGloo>(store, rank, peers.communicator.size(), std::move(options));
}

} // namespace

std::unique_ptr<comm::Transport> make_gloo_transport(Peers const& peers, std::size_t message_bytes)
{
    expects(message_bytes > 0, "pieces of a window");
    auto const store = c10::make_intrusive<AgreedStore>(peers.communicator);
    std::unique_ptr<ProcessGroupGloo> group;
    try {
        group = connect(peers, store);
    } catch (Error const& error) {
        store->fail(error.what());
        throw;
    } catch (std::exception const& error) {
        store->fail(first_line(error.what()));
        throw LaunchError("gloo cannot connect the ranks", first_line(error.what()),
                          "name the interface in GLOO_SOCKET_IFNAME, or use run.transport: mpi");
    }
    return std::make_unique<ChannelTransport>(std::make_unique<GlooLink>(std::move(group), message_bytes), peers.names,
                                              peers.communicator.survives_losses());
}

} // namespace distinfer::transport
