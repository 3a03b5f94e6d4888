#include "distinfer/file/fully.hpp"
#include "distinfer/file/retries.hpp"

#include <gtest/gtest.h>

#include <array>

namespace distinfer::file
{

namespace
{

using Of = Retries::Of;

Retries patient(Of operation)
{
    return {operation, "cannot read row 3 of /x in data.h5", std::chrono::milliseconds{1}};
}

/// Calls that fail with an errno a few times, and then succeed.
auto failing(int error, int times, int& calls)
{
    return [=, &calls](std::byte const*, std::size_t count, std::int64_t) -> std::ptrdiff_t {
        if (calls++ < times) return errno = error, -1;
        return static_cast<std::ptrdiff_t>(count);
    };
}

int write_with(int error, int times, int& calls, Of operation = Of::writing)
{
    std::array<std::byte, 8> const bytes{};
    return write_fully(bytes, 0, failing(error, times, calls), patient(operation));
}

} // namespace

TEST(RetriesTest, WhatPassesWithinFiveTriesIsNoFailure)
{
    for (int const error : {EAGAIN, ESTALE, ETIMEDOUT}) {
        int calls = 0;
        EXPECT_EQ(write_with(error, 4, calls), 0);
        EXPECT_EQ(calls, 5);
    }
}

TEST(RetriesTest, WhatDoesNotPassEndsAfterFive)
{
    int calls = 0;
    EXPECT_EQ(write_with(ESTALE, 100, calls), ESTALE);
    EXPECT_EQ(calls, 5);
}

TEST(RetriesTest, WhatWillNotPassEndsAtOnce)
{
    for (int const error : {ENOSPC, EDQUOT, EROFS, EIO}) {
        int calls = 0;
        EXPECT_EQ(write_with(error, 1, calls), error);
        EXPECT_EQ(calls, 1);
    }
}

TEST(RetriesTest, AReadThatFailsIsTriedAgainAndAWriteIsNot)
{
    int calls = 0;
    std::array<std::byte, 8> bytes{};
    EXPECT_EQ(read_fully(bytes, 0, failing(EIO, 2, calls), patient(Of::reading)), 8);
    EXPECT_EQ(calls, 3);
}

TEST(RetriesTest, OneWarningTellsOfIt)
{
    int calls = 0;
    testing::internal::CaptureStderr();
    write_with(ESTALE, 3, calls);
    auto const text = testing::internal::GetCapturedStderr();
    auto const at = text.find("cannot read row 3 of /x in data.h5 (Stale file handle); trying again");
    EXPECT_NE(at, std::string::npos) << text;
    EXPECT_EQ(text.find("trying again", at + 70), std::string::npos) << text;
}

} // namespace distinfer::file
