#include "distinfer/io/output_lock.hpp"
#include "expect_error.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

using namespace std::chrono_literals;

class OutputLockTest : public testing::Test
{
  protected:
    std::string content() const
    {
        std::ostringstream text;
        text << std::ifstream{lock_}.rdbuf();
        return text.str();
    }

    void write(std::string const& content) const { std::ofstream{lock_} << content; }

    /// A job on another host whose flock nobody sees: a file that says so, and changes where the job lives.
    std::string foreign(int beat) const
    {
        return "host far\nboot x\npid 7\njob 42\nsince 2026-01-01T00:00:00Z\nbeat " + std::to_string(beat) + "\n";
    }

    test::TemporaryFolder folder_;
    std::string output_ = folder_ / "out.h5";
    std::string lock_ = output_ + ".lock";
    LockOwner near_{.host = "near", .boot = "b", .job = "9", .shares_folder = true, .beat = 10ms, .patience = 300ms};
};

} // namespace

TEST_F(OutputLockTest, ItSaysWhoseItIsAndGoesAtTheEnd)
{
    {
        OutputLock const lock{output_, near_};
        EXPECT_TRUE(is_locked(output_));
        for (auto const& line : {"host near\n", "boot b\n", "job 9\n", "since 20"})
            EXPECT_NE(content().find(line), std::string::npos) << content();
        EXPECT_NE(content().find("pid " + std::to_string(::getpid()) + "\n"), std::string::npos) << content();
    }
    EXPECT_FALSE(is_locked(output_));
    EXPECT_FALSE(std::filesystem::exists(lock_));
}

TEST_F(OutputLockTest, ASecondJobIsRefusedAtOnceByTheNameOfTheFirst)
{
    OutputLock const first{output_, near_};
    auto another = near_;
    another.host = "far";
    for (auto const& owner : {near_, another})
        test::expect_error<OutputError>(
            [&] {
                OutputLock{output_, owner};
            },
            {"another job is writing " + output_, "job 9", "process " + std::to_string(::getpid()), "host near"});
    EXPECT_NO_THROW(first.check());
}

TEST_F(OutputLockTest, ItChangesAsLongAsItsJobLives)
{
    OutputLock const lock{output_, near_};
    auto const before = content();
    while (content() == before) std::this_thread::yield();
    EXPECT_NO_THROW(lock.check());
}

/// A job that was killed on this host is gone on with at once.
TEST_F(OutputLockTest, AFileOfThisHostThatNobodyHoldsIsTakenOverAtOnce)
{
    near_.patience = 1h;
    auto const child = ::fork();
    if (child == 0) {
        new OutputLock{output_, near_}; // NOLINT(cppcoreguidelines-owning-memory): a killed process frees nothing
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    ASSERT_NE(content().find("pid " + std::to_string(child)), std::string::npos) << content();
    OutputLock const lock{output_, near_};
    EXPECT_NE(content().find("pid " + std::to_string(::getpid())), std::string::npos) << content();
}

TEST_F(OutputLockTest, WhereTheFolderIsOfThisHostAloneFlockDecides)
{
    near_.patience = 1h;
    near_.shares_folder = false;
    write(foreign(1));
    OutputLock const lock{output_, near_};
    EXPECT_NE(content().find("host near"), std::string::npos) << content();
}

TEST_F(OutputLockTest, AJobOfAnotherHostThatShowsLifeIsLeftAlone)
{
    near_.patience = 1h;
    write(foreign(0));
    std::jthread const lives{[&](std::stop_token const& stop) {
        for (int beat = 1; !stop.stop_requested(); ++beat) write(foreign(beat));
    }};
    test::expect_error<OutputError>([&] { OutputLock{output_, near_}; }, {"another job is writing " + output_, lock_});
    EXPECT_TRUE(std::filesystem::exists(lock_));
}

TEST_F(OutputLockTest, AJobOfAnotherHostThatShowsNoLifeIsTakenOverAfterAWhile)
{
    for (auto const& left : {foreign(5), std::string{}, std::string{"host near\nboot another\n"}}) {
        write(left);
        auto const start = std::chrono::steady_clock::now();
        OutputLock const lock{output_, near_};
        EXPECT_GE(std::chrono::steady_clock::now() - start, near_.patience) << left;
        EXPECT_NE(content().find("host near"), std::string::npos) << content();
    }
}

/// A job that stood still, and on whose host nobody saw that another took its output over.
TEST_F(OutputLockTest, WhoeverWasTakenOverFindsOutAndLeavesTheFileAlone)
{
    {
        OutputLock const lock{output_, near_};
        write(foreign(1));
        test::expect_error<OutputError>([&] { lock.check(); },
                                        {"another job has taken over " + output_, "job 42", "host far"});
    }
    EXPECT_EQ(content(), foreign(1));
}

TEST_F(OutputLockTest, AnotherFileInItsPlaceIsRefusedAndStaysAsItIs)
{
    near_.shares_folder = false;
    write("notes of mine\n");
    test::expect_error<OutputError>(
        [&] {
            OutputLock{output_, near_};
        },
        {"cannot lock " + output_, lock_, "no lock of dist-infer", "move it away"});
    EXPECT_EQ(content(), "notes of mine\n");
}

TEST_F(OutputLockTest, ALinkThatLeadsNowhereInItsPlaceIsRefusedAndStaysAsItIs)
{
    std::filesystem::create_symlink(folder_ / "nowhere", lock_);
    test::expect_error<OutputError>([&] { OutputLock{output_, near_}; }, {"cannot lock " + output_, lock_});
    EXPECT_EQ(std::filesystem::read_symlink(lock_), folder_ / "nowhere");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "nowhere"));
}

TEST_F(OutputLockTest, AFileThatSomebodyRemovedIsNoTakeOver)
{
    OutputLock const lock{output_, near_};
    std::filesystem::remove(lock_);
    EXPECT_NO_THROW(lock.check());
    OutputLock const next{output_, near_};
    EXPECT_TRUE(lock.is_lost());
}

} // namespace distinfer::io
