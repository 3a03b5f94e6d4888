#include "distinfer/core/error.hpp"
#include "distinfer/file/shared_memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace distinfer::file
{

TEST(SharedMemoryTest, AnotherProcessReadsWhatIsWritten)
{
    SharedMemory memory{100'000};
    std::ranges::fill(memory.bytes(), std::byte{7});
    auto const address = memory.address();
    auto const child = ::fork();
    if (child == 0) {
        SharedMemory const same{address};
        bool const equal = same.bytes().size() == 100'000 &&
                           std::ranges::all_of(same.bytes(), [](std::byte byte) { return byte == std::byte{7}; });
        ::_exit(equal ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(SharedMemoryTest, ItIsOneMemoryThatOutlivesItsMaker)
{
    SharedMemory memory{1};
    SharedMemory const same{memory.address()};
    memory.bytes()[0] = std::byte{1};
    EXPECT_EQ(same.bytes()[0], std::byte{1});
    {
        auto const gone = std::move(memory);
    }
    EXPECT_EQ(same.bytes()[0], std::byte{1});
}

TEST(SharedMemoryTest, MayBeEmpty)
{
    SharedMemory const memory{std::size_t{0}};
    EXPECT_TRUE(SharedMemory{memory.address()}.bytes().empty());
}

TEST(SharedMemoryTest, OfAProcessThatHasItNoLongerItIsRefused)
{
    std::string address;
    {
        SharedMemory const memory{10};
        address = memory.address();
    }
    EXPECT_THROW(SharedMemory{address}, OutputError);
    SharedMemory const other{10}; // under the same number of this process
    EXPECT_THROW(SharedMemory{address}, OutputError);
    EXPECT_THROW(SharedMemory{"no address"}, OutputError);
}

TEST(SharedMemoryTest, MoreThanThereIsIsRefused)
{
    EXPECT_THROW(SharedMemory{std::size_t{1} << 60}, OutputError);
}

} // namespace distinfer::file
