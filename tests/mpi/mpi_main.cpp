#include "mpi/mpi_main.hpp"

#include "distinfer/comm/mpi_ranks.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

namespace distinfer::test
{

namespace
{

std::unique_ptr<comm::MpiRanks>& instance()
{
    static std::unique_ptr<comm::MpiRanks> ranks;
    return ranks;
}

/// Prints what failed, with the rank, and nothing else.
class FailurePrinter : public testing::EmptyTestEventListener
{
    void OnTestPartResult(testing::TestPartResult const& result) override
    {
        if (result.failed())
            std::fprintf(stderr, "rank %d: %s:%d: %s\n", world().rank(), result.file_name(), result.line_number(),
                         result.message());
    }
};

void print_only_failures()
{
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    std::unique_ptr<testing::TestEventListener>{listeners.Release(listeners.default_result_printer())};
    // GoogleTest takes ownership.
    listeners.Append(std::make_unique<FailurePrinter>().release());
}

/// Whether a rank failed; all ranks answer alike, so that mpirun sees one exit code. No tests at all is a failure.
bool any_failed(int own_result)
{
    bool failed = testing::UnitTest::GetInstance()->test_to_run_count() == 0;
    for (auto const& result : world().allgather(std::to_string(own_result))) failed |= result != "0";
    return failed;
}

} // namespace

comm::Communicator& world()
{
    return instance()->communicator();
}

comm::Transport& world_transport()
{
    return instance()->transport();
}

} // namespace distinfer::test

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    // An exception on one rank must end all of them: the others would wait for it.
    testing::GTEST_FLAG(catch_exceptions) = false;
    distinfer::comm::MpiSession const session;
    distinfer::test::instance() = std::make_unique<distinfer::comm::MpiRanks>(1000);
    if (!distinfer::test::world().is_root()) distinfer::test::print_only_failures();
    bool const failed = distinfer::test::any_failed(RUN_ALL_TESTS());
    distinfer::test::instance().reset();
    return failed ? 1 : 0;
}
