#include "mpi/mpi_main.hpp"

#include "distinfer/comm/mpi_session.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

namespace distinfer::test
{

namespace
{

struct World
{
    std::unique_ptr<comm::Communicator> communicator = comm::make_mpi_communicator(1000);
    std::unique_ptr<comm::Transport> transport = comm::make_mpi_transport(1000);
};

std::unique_ptr<World>& instance()
{
    static std::unique_ptr<World> world;
    return world;
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
    return *instance()->communicator;
}

comm::Transport& world_transport()
{
    return *instance()->transport;
}

} // namespace distinfer::test

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    // An exception on one rank must end all of them: the others would wait for it.
    testing::GTEST_FLAG(catch_exceptions) = false;
    distinfer::comm::MpiSession const session;
    distinfer::test::instance() = std::make_unique<distinfer::test::World>();
    if (!distinfer::test::world().is_root()) distinfer::test::print_only_failures();
    bool const failed = distinfer::test::any_failed(RUN_ALL_TESTS());
    distinfer::test::instance().reset();
    return failed ? 1 : 0;
}
