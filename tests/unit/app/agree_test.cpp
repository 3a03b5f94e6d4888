#include "distinfer/app/agree.hpp"
#include "distinfer/comm/serial.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

namespace
{

/// One rank of several, whose peers answer what the test says.
class RankAmongOthers : public comm::SerialCommunicator
{
  public:
    RankAmongOthers(int rank, std::vector<std::string> others) : rank_(rank), others_(std::move(others)) {}

    int rank() const override { return rank_; }
    int size() const override { return static_cast<int>(others_.size()); }
    std::vector<std::string> allgather(std::string const& text) override
    {
        others_[static_cast<std::size_t>(rank_)] = text;
        return others_;
    }

  private:
    int rank_;
    std::vector<std::string> others_;
};

} // namespace

TEST(AgreeTest, GoesOnWhereAllRanksAreWell)
{
    RankAmongOthers communicator{0, {"", "", ""}};
    bool ran = false;
    agree(communicator, [&] { ran = true; });
    EXPECT_TRUE(ran);
}

TEST(AgreeTest, AFailureHereIsThrownWithItsCode)
{
    comm::SerialCommunicator communicator;
    try {
        agree(communicator, [] { throw InputError("no data", "gone", "look"); });
        FAIL();
    } catch (AgreedError const& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        EXPECT_STREQ(error.what(), "no data (gone); look");
    }
}

TEST(AgreeTest, AFailureElsewhereIsThrownHereToo)
{
    RankAmongOthers communicator{0, {"", "4 no model [rank 1 on node2]", "3 no data"}};
    try {
        agree(communicator, [] {});
        FAIL();
    } catch (AgreedError const& error) {
        EXPECT_EQ(error.code(), ExitCode::model);
        EXPECT_STREQ(error.what(), "no model [rank 1 on node2]");
    }
}

TEST(AgreeTest, ARankOtherThanRootSaysWhoItIs)
{
    RankAmongOthers communicator{1, {"", ""}};
    try {
        agree(communicator, [] { throw DeviceError("no GPU"); });
        FAIL();
    } catch (AgreedError const& error) {
        EXPECT_TRUE(std::string{error.what()}.starts_with("no GPU [rank 1 on "));
    }
}

TEST(AgreeTest, APhaseOfRootRunsThereOnly)
{
    RankAmongOthers root{0, {"", ""}};
    RankAmongOthers other{1, {"", ""}};
    int runs = 0;
    agree_on_root(root, [&] { ++runs; });
    agree_on_root(other, [&] { ++runs; });
    EXPECT_EQ(runs, 1);
}

} // namespace distinfer::app
