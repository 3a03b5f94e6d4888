#include "distinfer/ledger/fingerprint.hpp"

#include <gtest/gtest.h>

namespace distinfer::ledger
{

TEST(FingerprintTest, EqualOnesDoNotDiffer)
{
    Fingerprint const one{{"model sha256", "ab"}, {"run.batch", "64"}};
    Fingerprint const other{{"run.batch", "64"}, {"model sha256", "ab"}};
    EXPECT_EQ(compare(one, one), std::nullopt);
    EXPECT_EQ(compare(one, other), std::nullopt);
    EXPECT_EQ(compare({}, {}), std::nullopt);
}

TEST(FingerprintTest, TheFirstOfOursThatDiffersIsNamed)
{
    Fingerprint const ours{{"model sha256", "ab"}, {"run.batch", "64"}, {"run.threads", "2"}};
    Fingerprint const theirs{{"run.threads", "1"}, {"run.batch", "32"}, {"model sha256", "ab"}};
    EXPECT_EQ(compare(ours, theirs), (Difference{"run.batch", "64", "32"}));
}

TEST(FingerprintTest, WhatOnlyOneSideHasIsNamed)
{
    Fingerprint const less{{"input 1", "a.h5"}};
    Fingerprint const more{{"input 1", "a.h5"}, {"input 2", ""}};
    EXPECT_EQ(compare(more, less), (Difference{"input 2", "", std::nullopt}));
    EXPECT_EQ(compare(less, more), (Difference{"input 2", std::nullopt, ""}));
}

} // namespace distinfer::ledger
