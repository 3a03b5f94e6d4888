#include "distinfer/core/buffer.hpp"
#include "mpi/mpi_main.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace distinfer::test
{

namespace
{

void wait_for(comm::Transport::Ticket ticket)
{
    while (world_transport().progress(ticket) == comm::Transport::Progress::moving) {
    }
}

std::byte pattern(std::size_t i, int rank)
{
    return static_cast<std::byte>(i * 7 + static_cast<std::size_t>(rank));
}

comm::Message wait_for_message()
{
    for (;;)
        if (auto message = world().poll()) return *message;
}

} // namespace

TEST(MpiCommunicatorTest, BroadcastsInPiecesOfAnySize)
{
    for (std::size_t const size : {0U, 1U, 999U, 1000U, 1001U, 12345U}) {
        std::vector<std::byte> bytes;
        if (world().is_root())
            for (std::size_t i = 0; i < size; ++i) bytes.push_back(pattern(i, 0));
        world().broadcast(bytes, 0);
        ASSERT_EQ(bytes.size(), size);
        for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(bytes[i], pattern(i, 0));
    }
}

TEST(MpiCommunicatorTest, GathersTextsByRank)
{
    auto const texts = world().allgather(std::string(static_cast<std::size_t>(world().rank()), 'x'));
    ASSERT_EQ(texts.size(), static_cast<std::size_t>(world().size()));
    for (std::size_t rank = 0; rank < texts.size(); ++rank) EXPECT_EQ(texts[rank], std::string(rank, 'x'));
}

TEST(MpiCommunicatorTest, MessagesOfAPairArriveInOrder)
{
    if (!world().is_root()) {
        for (int i = 0; i < 50; ++i) world().send(0, std::to_string(i));
        // A send is only sure to leave while its sender looks for messages.
        EXPECT_EQ(wait_for_message().body, "thanks");
        return;
    }
    std::vector<int> next(static_cast<std::size_t>(world().size()), 0);
    for (int i = 0; i < 50 * (world().size() - 1); ++i) {
        auto const message = wait_for_message();
        EXPECT_EQ(message.body, std::to_string(next.at(static_cast<std::size_t>(message.from))++));
    }
    for (int rank = 1; rank < world().size(); ++rank) world().send(rank, "thanks");
}

TEST(MpiTransportTest, WindowsOfAnySizeArriveWhole)
{
    for (std::size_t const size : {0U, 1U, 1000U, 1001U, 100000U, 3000000U}) {
        int const right = (world().rank() + 1) % world().size();
        int const left = (world().rank() + world().size() - 1) % world().size();
        Buffer out{size};
        for (std::size_t i = 0; i < size; ++i) out.span()[i] = pattern(i, world().rank());
        Buffer in{size};
        auto const receive = world_transport().receive(left, in.span());
        auto const send = world_transport().send(right, out.span());
        wait_for(receive);
        wait_for(send);
        for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(in.span()[i], pattern(i, left));
    }
}

TEST(MpiTransportTest, SeveralTransfersOfAPairMatchInOrder)
{
    int const right = (world().rank() + 1) % world().size();
    int const left = (world().rank() + world().size() - 1) % world().size();
    std::vector<Buffer> out;
    std::vector<Buffer> in;
    for (std::size_t i = 0; i < 5; ++i) {
        std::fill_n(out.emplace_back(2500).data(), 2500, static_cast<std::byte>(i));
        in.emplace_back(2500);
    }
    std::vector<comm::Transport::Ticket> tickets;
    for (auto& buffer : in) tickets.push_back(world_transport().receive(left, buffer.span()));
    for (auto const& buffer : out) tickets.push_back(world_transport().send(right, buffer.span()));
    for (auto const ticket : tickets) wait_for(ticket);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(in[i].span()[2499], static_cast<std::byte>(i));
}

} // namespace distinfer::test
