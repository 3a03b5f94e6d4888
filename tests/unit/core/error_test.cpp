#include "distinfer/core/check.hpp"
#include "distinfer/core/error.hpp"

#include <gtest/gtest.h>

namespace distinfer
{

TEST(ErrorTest, MessageJoinsProblemWhyAndSuggestion)
{
    EXPECT_EQ(error_message("cannot open a.h5", "no such file", "check input.files"),
              "cannot open a.h5 (no such file); check input.files");
    EXPECT_EQ(error_message("cannot open a.h5", "", ""), "cannot open a.h5");
}

TEST(ErrorTest, KindGivesExitCode)
{
    EXPECT_EQ(InputError("x").code(), ExitCode::input);
    EXPECT_EQ(static_cast<int>(InternalError("x").code()), 70);
}

TEST(CheckTest, BrokenExpectationIsAnInternalErrorWithItsPlace)
{
    try {
        expects(false, "two to be two");
        FAIL();
    } catch (InternalError const& error) {
        EXPECT_NE(std::string{error.what()}.find("error_test.cpp:"), std::string::npos);
    }
}

} // namespace distinfer
