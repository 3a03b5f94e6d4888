#include "package_target.hpp"
#include "unit/io/expect_error.hpp"

#include <gtest/gtest.h>

namespace distinfer::model
{

namespace
{

using io::expect_error;

Machine const machine{
    .device = "cpu", .architecture = "x86_64", .has = [](std::string_view name) { return name == "AVX2"; }};

} // namespace

TEST(PackageTargetTest, APackageForThisMachineIsTaken)
{
    EXPECT_NO_THROW(check_target({{"AOTI_DEVICE_KEY", "cpu"}, {"AOTI_MACHINE", "x86_64"}, {"AOTI_CPU_ISA", "AVX2"}},
                                 machine, "net.pt2"));
}

TEST(PackageTargetTest, WhatThePackageDoesNotTellIsLetPass)
{
    EXPECT_NO_THROW(check_target({}, machine, "net.pt2"));
}

TEST(PackageTargetTest, AnotherDeviceIsRefused)
{
    expect_error<ModelError>(
        [] {
            check_target({{"AOTI_DEVICE_KEY", "cuda"}}, machine, "net.pt2");
        },
        {"net.pt2", "'cuda'", "runs on cpu", "set run.device"});
}

TEST(PackageTargetTest, AnotherArchitectureIsRefused)
{
    expect_error<ModelError>(
        [] {
            check_target({{"AOTI_MACHINE", "aarch64"}}, machine, "net.pt2");
        },
        {"compiled for aarch64", "x86_64"});
}

TEST(PackageTargetTest, EachMissingInstructionSetIsRefused)
{
    expect_error<ModelError>(
        [] {
            check_target({{"AOTI_CPU_ISA", "AVX2 AVX512_VNNI"}}, machine, "net.pt2");
        },
        {"AVX512_VNNI", "export the model on a machine like this"});
}

TEST(PackageTargetTest, ThisMachineKnowsItself)
{
    auto const here = this_machine("cuda:3");
    EXPECT_EQ(here.device, "cuda");
    EXPECT_FALSE(here.architecture.empty());
    EXPECT_TRUE(here.has("INVALID_VEC_ISA"));
}

} // namespace distinfer::model
