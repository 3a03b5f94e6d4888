#include "distinfer/pipeline/failure.hpp"

#include <gtest/gtest.h>

#include <new>

namespace distinfer::pipeline
{

TEST(FailureTest, OurErrorsKeepTheirCode)
{
    EXPECT_EQ(failure_of(std::make_exception_ptr(OutputError("disk full"))), (Failure{ExitCode::output, "disk full"}));
}

TEST(FailureTest, MemoryIsTheUsersToMend)
{
    EXPECT_EQ(failure_of(std::make_exception_ptr(std::bad_alloc())).code, ExitCode::usage);
}

TEST(FailureTest, AnythingElseIsABug)
{
    EXPECT_EQ(failure_of(std::make_exception_ptr(std::logic_error("oops"))).code, ExitCode::internal);
}

} // namespace distinfer::pipeline
