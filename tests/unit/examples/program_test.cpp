#include "distinfer/core/error.hpp"
#include "fashion_mnist/program.hpp"

#include <gtest/gtest.h>

namespace fashion_mnist
{

TEST(ProgramTest, OptionsAreTakenWhereverTheyStand)
{
    Arguments arguments{"a", "--split", "train", "--json", "b"};
    EXPECT_EQ(take_option(arguments, "--split", "test"), "train");
    EXPECT_TRUE(take_flag(arguments, "--json"));
    EXPECT_FALSE(take_flag(arguments, "--json"));
    EXPECT_EQ(take_option(arguments, "--split", "test"), "test");
    EXPECT_EQ(arguments, (Arguments{"a", "b"}));
}

TEST(ProgramTest, WrongArgumentsAreTold)
{
    Arguments arguments{"a", "--split"};
    EXPECT_THROW(take_option(arguments, "--split", "test"), distinfer::ConfigError);
    EXPECT_NO_THROW(expect_arguments({"a", "b"}, 2, "p A B"));
    EXPECT_THROW(expect_arguments({"a"}, 2, "p A B"), distinfer::ConfigError);
    EXPECT_THROW(expect_arguments({"a", "--b"}, 2, "p A B"), distinfer::ConfigError);
}

TEST(ProgramTest, ErrorsBecomeExitCodes)
{
    char const* const argv[]{"p", "x"};
    auto const exit_of = [&](std::function<int(Arguments)> const& body) { return run_program("p", 2, argv, body); };
    EXPECT_EQ(exit_of([](Arguments const& arguments) { return arguments == Arguments{"x"} ? 0 : 9; }), 0);
    EXPECT_EQ(exit_of([](Arguments const&) -> int { throw distinfer::InputError("no"); }), 3);
    EXPECT_EQ(exit_of([](Arguments const&) -> int { throw std::runtime_error("no"); }), 70);
}

} // namespace fashion_mnist
