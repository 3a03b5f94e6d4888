#include "distinfer/app/share.hpp"
#include "mpi/mpi_main.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <sys/resource.h>
#include <vector>

namespace distinfer::test
{

namespace
{

std::byte pattern(std::size_t i)
{
    return static_cast<std::byte>(i * 13 + i / 256);
}

std::vector<std::byte> of_root(std::size_t size)
{
    std::vector<std::byte> bytes;
    if (world().is_root())
        for (std::size_t i = 0; i < size; ++i) bytes.push_back(pattern(i));
    return bytes;
}

void expect_pattern(std::span<std::byte const> bytes, std::size_t size)
{
    ASSERT_EQ(bytes.size(), size);
    for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(bytes[i], pattern(i));
}

/// No process may make a file as large as a page, which memory without a name counts as.
class NoRoom
{
  public:
    NoRoom()
    {
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const none{.rlim_cur = 100, .rlim_max = before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &none);
    }
    ~NoRoom() { setrlimit(RLIMIT_FSIZE, &before_); }
    NoRoom(NoRoom const&) = delete;
    NoRoom& operator=(NoRoom const&) = delete;

  private:
    rlimit before_{};
};

} // namespace

TEST(MpiNodeTest, AllRanksOfThisMachineAreOneNode)
{
    std::vector<int> all;
    for (int rank = 0; rank < world().size(); ++rank) all.push_back(rank);
    EXPECT_EQ(world().node(), all);
    EXPECT_EQ(world().is_leader(), world().is_root());
}

TEST(MpiNodeTest, LeadersGetTheBytesOfRoot)
{
    if (!world().is_leader()) return;
    std::vector<std::byte> bytes(2500);
    if (world().is_root()) bytes = of_root(2500);
    world().broadcast_to_leaders(bytes);
    expect_pattern(bytes, 2500);
}

TEST(ShareTest, EveryRankHasRootsBytesInOneMemory)
{
    for (std::size_t const size : {0U, 1U, 1001U, 3000000U}) {
        auto const shared = app::share(world(), of_root(size));
        expect_pattern(shared.get(), size);
        EXPECT_EQ(shared.copies(), 1);
    }
}

TEST(ShareTest, TheBytesOutliveRoots)
{
    auto shared = std::make_unique<app::SharedBytes>(app::share(world(), of_root(5000)));
    if (world().is_root()) shared.reset();
    world().allgather("");
    if (shared) expect_pattern(shared->get(), 5000);
}

TEST(ShareTest, WhereMemoryCannotBeSharedEveryRankGetsACopy)
{
    std::signal(SIGXFSZ, SIG_IGN);
    NoRoom const here;
    auto const shared = app::share(world(), of_root(300000));
    expect_pattern(shared.get(), 300000);
    EXPECT_EQ(shared.copies(), world().size());
}

} // namespace distinfer::test
