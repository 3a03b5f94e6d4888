#include "channels.hpp"
#include "support/expect_error.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <set>
#include <thread>

namespace distinfer::transport
{

namespace
{

using Progress = comm::Transport::Progress;

/// What a FakeLink has been asked for, in the order in which it was done.
struct Doings
{
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::size_t> moved; ///< sizes of the transfers
    std::set<int> open;             ///< ranks that answer
    std::set<int> dead;
    int inside = 0; ///< calls that are under way
    bool aborted = false;

    void answer(int rank)
    {
        std::lock_guard const lock{mutex};
        open.insert(rank);
        changed.notify_all();
    }

    void kill(int rank)
    {
        std::lock_guard const lock{mutex};
        dead.insert(rank);
        changed.notify_all();
    }
};

/// Moves nothing, once the other rank answers.
class FakeLink : public Link
{
  public:
    explicit FakeLink(Doings& doings) : doings_(doings) {}

    void send(int to, std::span<std::byte const> bytes) override { move(to, bytes.size()); }
    void receive(int from, std::span<std::byte> bytes) override { move(from, bytes.size()); }

    void abort() noexcept override
    {
        std::lock_guard const lock{doings_.mutex};
        doings_.aborted = true;
        doings_.changed.notify_all();
    }

  private:
    void move(int other, std::size_t size)
    {
        std::unique_lock lock{doings_.mutex};
        ++doings_.inside;
        doings_.changed.wait(
            lock, [&] { return doings_.open.contains(other) || doings_.dead.contains(other) || doings_.aborted; });
        --doings_.inside;
        if (doings_.dead.contains(other) || doings_.aborted)
            throw std::runtime_error("connection closed\nException raised from here");
        doings_.moved.push_back(size);
    }

    Doings& doings_;
};

class ChannelsTest : public testing::Test
{
  protected:
    std::unique_ptr<ChannelTransport> transport(bool survives = false)
    {
        return std::make_unique<ChannelTransport>(std::make_unique<FakeLink>(doings_),
                                                  std::vector<std::string>{"rank 0 on a", "rank 1 on b", "rank 2 on c"},
                                                  survives);
    }

    /// Looks until the transfer is over.
    static Progress end_of(comm::Transport& transport, comm::Transport::Ticket ticket)
    {
        for (;;) {
            auto const progress = transport.progress(ticket);
            if (progress != Progress::moving) return progress;
            std::this_thread::yield();
        }
    }

    Doings doings_;
    std::vector<std::byte> bytes_ = std::vector<std::byte>(100);

    std::span<std::byte> first(std::size_t size) { return std::span{bytes_}.first(size); }
};

} // namespace

TEST_F(ChannelsTest, TransfersToOneRankAreDoneInTheirOrder)
{
    auto const transport = this->transport();
    std::vector<comm::Transport::Ticket> tickets;
    for (std::size_t const size : {5U, 3U, 9U, 0U, 1U}) tickets.push_back(transport->send(1, first(size)));
    for (auto const ticket : tickets) EXPECT_EQ(transport->progress(ticket), Progress::moving);
    doings_.answer(1);
    for (auto const ticket : tickets) EXPECT_EQ(end_of(*transport, ticket), Progress::done);
    EXPECT_EQ(doings_.moved, (std::vector<std::size_t>{5, 3, 9, 0, 1}));
}

TEST_F(ChannelsTest, ARankThatDoesNotAnswerHoldsUpNoOther)
{
    auto const transport = this->transport();
    auto const stuck = transport->send(1, first(5));
    doings_.answer(2);
    EXPECT_EQ(end_of(*transport, transport->send(2, first(6))), Progress::done);
    EXPECT_EQ(end_of(*transport, transport->receive(2, first(7))), Progress::done);
    EXPECT_EQ(transport->progress(stuck), Progress::moving);
    doings_.answer(1);
    EXPECT_EQ(end_of(*transport, stuck), Progress::done);
}

TEST_F(ChannelsTest, BothDirectionsOfAPairMoveAtOnce)
{
    auto const transport = this->transport();
    auto const out = transport->send(1, first(5));
    auto const in = transport->receive(1, first(6));
    {
        std::unique_lock lock{doings_.mutex};
        while (doings_.inside < 2) {
            lock.unlock();
            std::this_thread::yield();
            lock.lock();
        }
    }
    doings_.answer(1);
    EXPECT_EQ(end_of(*transport, out), Progress::done);
    EXPECT_EQ(end_of(*transport, in), Progress::done);
}

TEST_F(ChannelsTest, ARankThatDiesIsNamed)
{
    auto const transport = this->transport();
    auto const ticket = transport->receive(2, first(5));
    doings_.kill(2);
    test::expect_error<LaunchError>([&] { end_of(*transport, ticket); }, {"rank 2 on c", "(connection closed)"});
}

TEST_F(ChannelsTest, WhereTheJobGoesOnItsTransfersAreLostAndNoOthers)
{
    auto const transport = this->transport(true);
    auto const first_lost = transport->receive(2, first(5));
    auto const second_lost = transport->receive(2, first(5));
    auto const other = transport->send(1, first(6));
    doings_.kill(2);
    EXPECT_EQ(end_of(*transport, first_lost), Progress::lost);
    EXPECT_EQ(end_of(*transport, second_lost), Progress::lost);
    doings_.answer(1);
    EXPECT_EQ(end_of(*transport, other), Progress::done);
}

TEST_F(ChannelsTest, CancelEndsWhatMoves)
{
    auto const transport = this->transport();
    transport->send(1, first(5));
    transport->send(1, first(6));
    transport->receive(2, first(7));
    transport->cancel();
    EXPECT_EQ(doings_.inside, 0);
    EXPECT_TRUE(doings_.moved.empty());
}

TEST_F(ChannelsTest, ATransportThatIsGoneTouchesNothing)
{
    auto transport = this->transport();
    transport->send(1, first(5));
    transport.reset();
    EXPECT_EQ(doings_.inside, 0);
    EXPECT_TRUE(doings_.aborted);
}

TEST_F(ChannelsTest, WhereNothingMovesNothingIsAborted)
{
    auto transport = this->transport();
    doings_.answer(1);
    end_of(*transport, transport->send(1, first(5)));
    transport.reset();
    EXPECT_FALSE(doings_.aborted);
}

TEST_F(ChannelsTest, ATicketIsUsedUpOnce)
{
    auto const transport = this->transport();
    doings_.answer(1);
    auto const ticket = transport->send(1, first(5));
    end_of(*transport, ticket);
    EXPECT_THROW(transport->progress(ticket), InternalError);
}

} // namespace distinfer::transport
