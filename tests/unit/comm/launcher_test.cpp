#include "distinfer/comm/launcher.hpp"
#include "distinfer/core/error.hpp"

#include <gtest/gtest.h>

#include <map>

namespace distinfer::comm
{

namespace
{

Lookup environment(std::map<std::string, std::string> variables)
{
    return [variables](char const* name) -> std::optional<std::string> {
        auto const found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    };
}

} // namespace

TEST(LauncherTest, APlainStartNeedsNoMpi)
{
    EXPECT_FALSE(launched(environment({})));
    EXPECT_FALSE(launched(environment({{"SLURM_JOB_ID", "7"}})));
    EXPECT_TRUE(launched(environment({{"OMPI_COMM_WORLD_SIZE", "2"}})));
    EXPECT_TRUE(launched(environment({{"PMIX_RANK", "0"}})));
}

TEST(LauncherTest, RankIsKnownBeforeMpi)
{
    EXPECT_EQ(rank_hint(environment({})), 0);
    EXPECT_EQ(rank_hint(environment({{"OMPI_COMM_WORLD_RANK", "3"}})), 3);
    EXPECT_EQ(rank_hint(environment({{"SLURM_PROCID", "5"}})), 5);
}

TEST(LauncherTest, SingletonsAreRefused)
{
    EXPECT_THROW(check_launch(environment({{"PMI_SIZE", "4"}}), 1), LaunchError);
    EXPECT_THROW(check_launch(environment({{"SLURM_STEP_NUM_TASKS", "4"}}), 1), LaunchError);
    EXPECT_THROW(check_launch(environment({{"SLURM_NTASKS", "4"}}), 1), LaunchError);
    EXPECT_THROW(check_launch(environment({{"OMPI_COMM_WORLD_SIZE", "2"}}), 1), LaunchError);
}

TEST(LauncherTest, OneRankOnPurposeIsFine)
{
    EXPECT_NO_THROW(check_launch(environment({}), 1));
    EXPECT_NO_THROW(check_launch(environment({{"OMPI_COMM_WORLD_SIZE", "1"}, {"SLURM_NTASKS", "4"}}), 1));
    EXPECT_NO_THROW(check_launch(environment({{"SLURM_STEP_NUM_TASKS", "1"}, {"SLURM_NTASKS", "4"}}), 1));
}

TEST(LauncherTest, SeveralRanksThatSeeEachOtherAreFine)
{
    EXPECT_NO_THROW(check_launch(environment({{"SLURM_NTASKS", "4"}}), 4));
    EXPECT_NO_THROW(check_launch(environment({{"SLURM_NTASKS", "8"}, {"OMPI_COMM_WORLD_SIZE", "2"}}), 2));
}

} // namespace distinfer::comm
