#include "config_fixture.hpp"

namespace distinfer::config
{

namespace
{

/// The output file that a text gives.
std::string expanded(std::string const& text, Environment const& environment = {})
{
    return load("input: {files: a}\nmodel: {path: m}\noutput:\n  file: " + text + "\n", environment).output.file;
}

std::string expand_error(std::string const& text)
{
    return error_of("input: {files: a}\nmodel: {path: m}\noutput:\n  file: " + text + "\n");
}

} // namespace

TEST(ExpandTest, VariablesAreReplacedAnywhereInAValue)
{
    Environment const environment{{{"SCRATCH", "/scratch/me"}, {"N", "7"}}};
    EXPECT_EQ(expanded("${SCRATCH}/run-${N}.h5", environment), "/scratch/me/run-7.h5");
    EXPECT_EQ(expanded("\"${SCRATCH}\"", environment), "/scratch/me");
    EXPECT_EQ(load(minimal + "run:\n  batch: ${N}\n", environment).run.batch, 7U);
}

TEST(ExpandTest, DefaultStandsInForUnsetAndEmptyVariables)
{
    EXPECT_EQ(expanded("${OUT:-out.h5}"), "out.h5");
    EXPECT_EQ(expanded("${OUT:-out.h5}", {{{"OUT", ""}}}), "out.h5");
    EXPECT_EQ(expanded("${OUT:-out.h5}", {{{"OUT", "mine.h5"}}}), "mine.h5");
    EXPECT_EQ(expanded("a${OUT:-}b"), "ab");
}

TEST(ExpandTest, TwoDollarsAreOneAndALoneOneStays)
{
    EXPECT_EQ(expanded("$${A}-$5-$$"), "${A}-$5-$");
}

TEST(ExpandTest, WhatAVariableHoldsIsNotExpandedAgain)
{
    EXPECT_EQ(expanded("${A}", {{{"A", "${B}$$"}}}), "${B}$$");
}

TEST(ExpandTest, UndefinedVariablesAreErrors)
{
    EXPECT_EQ(expand_error("${SCRATCH}/o.h5"), "c.yaml:4:9: the environment variable SCRATCH is not defined; set it, "
                                               "or write ${SCRATCH:-default}");
}

TEST(ExpandTest, HalfWrittenVariablesAreErrors)
{
    EXPECT_EQ(expand_error("a${B"), "c.yaml:4:9: '${B' is no variable (its '}' is missing); a literal dollar is "
                                    "written $$");
    EXPECT_EQ(expand_error("${}"), "c.yaml:4:9: '${}' is no variable (expected ${NAME} or ${NAME:-default}); a "
                                   "literal dollar is written $$");
    EXPECT_EQ(expand_error("${1A}").find("c.yaml:4:9: '${1A}' is no variable"), 0U);
    EXPECT_EQ(expand_error("${A:-${B}}").find("c.yaml:4:9: '${A:-${B}' is no variable"), 0U);
}

} // namespace distinfer::config
