#include "distinfer/app/transport_choice.hpp"
#include "distinfer/core/error.hpp"
#include "support/expect_error.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

namespace
{

using enum config::TransportChoice;

TransportFacts on_gpu(int rank, std::string const& gpu)
{
    return {.name = "rank " + std::to_string(rank) + " on node1", .device = "cuda:0", .gpu = gpu, .has_nccl = true};
}

TransportFacts on_cpu(int rank)
{
    return {.name = "rank " + std::to_string(rank) + " on node1", .device = "cpu", .gpu = "", .has_nccl = true};
}

std::vector<TransportFacts> const two_gpus{on_gpu(0, "a"), on_gpu(1, "b")};
std::vector<TransportFacts> const one_gpu_for_two{on_gpu(0, "a"), on_gpu(1, "a")};
std::vector<TransportFacts> const one_without{on_gpu(0, "a"), on_cpu(1)};

std::vector<TransportFacts> one_build_without_nccl()
{
    auto ranks = two_gpus;
    ranks[1].has_nccl = false;
    return ranks;
}

} // namespace

TEST(TransportChoiceTest, AutoIsNcclWhereEveryRankHasAGpuOfItsOwn)
{
    EXPECT_EQ(choose_transport(automatic, two_gpus, false), nccl);
}

TEST(TransportChoiceTest, AutoIsMpiWhereNcclCannotBeHadOrHasNothingToDo)
{
    EXPECT_EQ(choose_transport(automatic, one_gpu_for_two, false), mpi);
    EXPECT_EQ(choose_transport(automatic, one_without, false), mpi);
    EXPECT_EQ(choose_transport(automatic, one_build_without_nccl(), false), mpi);
    EXPECT_EQ(choose_transport(automatic, {on_gpu(0, "a")}, false), mpi);
}

TEST(TransportChoiceTest, AutoKeepsAJobAbleToGoOnWithoutALostRank)
{
    EXPECT_EQ(choose_transport(automatic, two_gpus, true), mpi);
    test::expect_error<LaunchError>([] { choose_transport(nccl, two_gpus, true); }, {"--with-ft ulfm"});
}

TEST(TransportChoiceTest, MpiAndGlooAreWhatTheyAre)
{
    for (bool const survives : {false, true}) {
        EXPECT_EQ(choose_transport(mpi, two_gpus, survives), mpi);
        EXPECT_EQ(choose_transport(gloo, one_without, survives), gloo);
    }
}

TEST(TransportChoiceTest, NcclThatCannotBeHadIsRefusedByTheRankThatLacksIt)
{
    EXPECT_EQ(choose_transport(nccl, two_gpus, false), nccl);
    EXPECT_EQ(choose_transport(nccl, {on_gpu(0, "a")}, false), nccl);
    test::expect_error<DeviceError>([] { choose_transport(nccl, one_without, false); },
                                    {"rank 1 on node1", "cpu", "no GPU is visible"});
    test::expect_error<DeviceError>([] { choose_transport(nccl, one_gpu_for_two, false); },
                                    {"rank 0 on node1 and rank 1 on node1"});
    test::expect_error<DeviceError>([] { choose_transport(nccl, one_build_without_nccl(), false); },
                                    {"rank 1 on node1", "gpu build"});
}

} // namespace distinfer::app
