#include "distinfer/file/fully.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace distinfer::file
{

namespace
{

/// A file that takes seven bytes a call, and is interrupted before every one that it takes.
class StubbornFile
{
  public:
    explicit StubbornFile(std::size_t room) : room_(room) {}

    ssize_t operator()(std::byte const* bytes, std::size_t count, off_t offset)
    {
        interrupted_ = !interrupted_;
        if (interrupted_) return errno = EINTR, -1;
        auto const begin = static_cast<std::size_t>(offset);
        if (begin >= room_) return errno = ENOSPC, -1;
        auto const taken = std::min({count, std::size_t{7}, room_ - begin});
        content.resize(std::max(content.size(), begin + taken));
        std::memcpy(content.data() + begin, bytes, taken);
        return static_cast<ssize_t>(taken);
    }

    std::vector<std::byte> content;

  private:
    std::size_t room_;
    bool interrupted_ = false;
};

std::vector<std::byte> numbers(std::size_t count)
{
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::byte>(i));
    return bytes;
}

} // namespace

TEST(WriteFullyTest, GoesOnAfterShortWritesAndInterrupts)
{
    StubbornFile file{1000};
    auto const bytes = numbers(100);
    EXPECT_EQ(write_fully(bytes, 10, file), 0);
    ASSERT_EQ(file.content.size(), 110U);
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), file.content.begin() + 10));
}

TEST(WriteFullyTest, NothingToWriteMakesNoCall)
{
    EXPECT_EQ(write_fully({}, 0, [](auto...) -> ssize_t { throw 1; }), 0);
}

TEST(WriteFullyTest, ErrorsEndIt)
{
    StubbornFile file{50};
    EXPECT_EQ(write_fully(numbers(100), 0, file), ENOSPC);
    EXPECT_EQ(write_fully(numbers(1), 0, [](auto...) -> ssize_t { return 0; }), ENOSPC);
}

} // namespace distinfer::file
