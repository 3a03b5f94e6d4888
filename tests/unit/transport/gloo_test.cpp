#include "distinfer/core/error.hpp"
#include "distinfer/transport/transports.hpp"
#include "support/expect_error.hpp"

#include <gtest/gtest.h>

#include <barrier>
#include <functional>
#include <thread>

namespace distinfer::transport
{

namespace
{

using comm::Transport;
using Progress = Transport::Progress;

/// Where the threads of one process meet, each of them a rank.
struct Hall
{
    explicit Hall(int ranks) : texts(static_cast<std::size_t>(ranks)), all(ranks) {}

    std::vector<std::string> texts;
    std::barrier<> all;
};

/// Collectives among threads, and nothing else.
class HallCommunicator : public comm::Communicator
{
  public:
    HallCommunicator(Hall& hall, int rank, bool survives) : hall_(hall), rank_(rank), survives_(survives) {}

    int rank() const override { return rank_; }
    int size() const override { return static_cast<int>(hall_.texts.size()); }
    std::vector<int> const& node() const override { return node_; }

    std::vector<std::string> allgather(std::string const& text) override
    {
        hall_.texts.at(static_cast<std::size_t>(rank_)) = text;
        hall_.all.arrive_and_wait();
        auto texts = hall_.texts;
        hall_.all.arrive_and_wait();
        return texts;
    }

    void broadcast(std::vector<std::byte>&, int) override { FAIL(); }
    void broadcast_to_leaders(std::span<std::byte>) override { FAIL(); }
    void send(int, std::string) override { FAIL(); }
    std::optional<comm::Message> poll() override { return std::nullopt; }
    bool survives_losses() const override { return survives_; }
    [[noreturn]] void abort(int) override { std::abort(); }

  private:
    Hall& hall_;
    int rank_;
    bool survives_;
    std::vector<int> node_{rank_};
};

Peers peers_of(comm::Communicator& communicator)
{
    Peers peers{.communicator = communicator, .names = {}, .addresses = {}};
    for (int rank = 0; rank < communicator.size(); ++rank) {
        peers.names.push_back("rank " + std::to_string(rank) + " on here");
        peers.addresses.push_back(own_addresses("here", ""));
    }
    return peers;
}

struct World
{
    int rank;
    int size;
    std::unique_ptr<Transport> transport;
    std::function<void()> meet; ///< all ranks

    Progress end_of(Transport::Ticket ticket) const
    {
        for (;;) {
            auto const progress = transport->progress(ticket);
            if (progress != Progress::moving) return progress;
            std::this_thread::yield();
        }
    }
};

/// Runs `body` for each rank, each a thread.
void run_threads(int ranks, std::function<void(Hall&, HallCommunicator&)> const& body, bool survives = false)
{
    Hall hall{ranks};
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < ranks; ++rank)
        threads.emplace_back([&, rank] {
            HallCommunicator communicator{hall, rank, survives};
            body(hall, communicator);
        });
}

/// Likewise, each with a gloo transport of its own.
void run_ranks(int ranks, std::function<void(World&)> const& body, bool survives = false)
{
    run_threads(
        ranks,
        [&](Hall& hall, HallCommunicator& communicator) {
            World world{.rank = communicator.rank(),
                        .size = ranks,
                        .transport = make_gloo_transport(peers_of(communicator), 1000),
                        .meet = [&] { hall.all.arrive_and_wait(); }};
            world.meet(); // as in a job, nobody leaves before all are connected
            body(world);
        },
        survives);
}

std::vector<std::byte> pattern(std::size_t size, int rank)
{
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + static_cast<std::size_t>(rank));
    return bytes;
}

} // namespace

TEST(GlooTransportTest, WindowsOfAnySizeArriveWholeWhileOthersLeave)
{
    for (int const ranks : {2, 3})
        run_ranks(ranks, [](World const& world) {
            int const right = (world.rank + 1) % world.size;
            int const left = (world.rank + world.size - 1) % world.size;
            for (std::size_t const size : {0U, 1U, 999U, 1000U, 1001U, 3000000U}) {
                auto const out = pattern(size, world.rank);
                std::vector<std::byte> in(size);
                auto const receive = world.transport->receive(left, in);
                auto const send = world.transport->send(right, out);
                EXPECT_EQ(world.end_of(receive), Progress::done);
                EXPECT_EQ(world.end_of(send), Progress::done);
                EXPECT_EQ(in, pattern(size, left)) << size;
            }
        });
}

TEST(GlooTransportTest, SeveralWindowsOfAPairMatchInOrder)
{
    run_ranks(2, [](World const& world) {
        std::vector<std::vector<std::byte>> out;
        std::vector<std::vector<std::byte>> in(5, std::vector<std::byte>(2500));
        std::vector<Transport::Ticket> tickets;
        for (int i = 0; i < 5; ++i) out.push_back(pattern(2500, i));
        for (auto& window : in) tickets.push_back(world.transport->receive(1 - world.rank, window));
        for (auto const& window : out) tickets.push_back(world.transport->send(1 - world.rank, window));
        for (auto const ticket : tickets) EXPECT_EQ(world.end_of(ticket), Progress::done);
        EXPECT_EQ(in, out);
    });
}

TEST(GlooTransportTest, ARankThatIsGoneIsNamed)
{
    run_ranks(3, [](World& world) {
        std::vector<std::byte> in(5000);
        if (world.rank == 1) {
            world.meet();
            world.transport.reset();
        } else {
            auto const receive = world.transport->receive(1, in);
            world.meet();
            test::expect_error<LaunchError>([&] { world.end_of(receive); }, {"rank 1 on here"});
            // Those that are left still reach each other.
            auto const out = pattern(5000, 0);
            auto const ticket = world.rank == 0 ? world.transport->send(2, out) : world.transport->receive(0, in);
            EXPECT_EQ(world.end_of(ticket), Progress::done);
        }
        world.meet();
    });
}

TEST(GlooTransportTest, WhereTheJobGoesOnWhatWasWithARankThatIsGoneIsLost)
{
    run_ranks(
        2,
        [](World& world) {
            std::vector<std::byte> in(5000);
            if (world.rank == 1) {
                world.transport.reset();
            } else {
                EXPECT_EQ(world.end_of(world.transport->receive(1, in)), Progress::lost);
                EXPECT_EQ(world.end_of(world.transport->send(1, in)), Progress::lost);
            }
            world.meet();
        },
        true);
}

TEST(GlooTransportTest, CancelGivesTheBytesOfUnansweredTransfersBack)
{
    run_ranks(2, [](World const& world) {
        {
            std::vector<std::byte> in(5000);
            auto const out = pattern(5000, world.rank);
            if (world.rank == 0) world.transport->send(1, out);
            world.transport->receive(1 - world.rank, in);
            world.transport->cancel();
        }
        world.meet();
    });
}

TEST(GlooTransportTest, RanksThatCannotFindEachOtherSaySoAlike)
{
    run_threads(2, [](Hall& hall, HallCommunicator& communicator) {
        auto peers = peers_of(communicator);
        peers.addresses = {{"a", "", {}}, {"b", "", {}}};
        test::expect_error<LaunchError>([&] { make_gloo_transport(peers); }, {"no subnet"});
        hall.all.arrive_and_wait(); // both have met as often
    });
}

TEST(GlooTransportTest, OneRankThatFailsAloneKeepsNobodyWaiting)
{
    run_threads(2, [](Hall& hall, HallCommunicator& communicator) {
        auto peers = peers_of(communicator);
        if (communicator.rank() == 1)
            for (auto& address : peers.addresses) address.addresses = {{"lo", "203.0.113.7", "x", true}};
        // Rank 0 is told what rank 1 has found.
        test::expect_error<LaunchError>([&] { make_gloo_transport(peers); }, {"203.0.113.7"});
        hall.all.arrive_and_wait();
    });
}

} // namespace distinfer::transport
