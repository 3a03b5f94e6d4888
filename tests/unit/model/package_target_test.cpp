#include "package_target.hpp"
#include "unit/io/expect_error.hpp"

#include <gtest/gtest.h>

namespace distinfer::model
{

namespace
{

using io::expect_error;

Machine const machine{.device = "cpu", .architecture = "x86_64", .torch = "2.11.0", .has = [](std::string_view name) {
                          return name == "AVX2";
                      }};

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

TEST(PackageTargetTest, AGpuOfAnotherGenerationOrAnOlderOneIsRefused)
{
    auto const on = [](int capability, std::string const& compiled) {
        auto gpu = machine;
        gpu.device = "cuda";
        gpu.capability = capability;
        check_target({{"AOTI_DEVICE_KEY", "cuda"}, {"AOTI_COMPUTE_CAPABILITY", compiled}}, gpu, "net.pt2");
    };
    EXPECT_NO_THROW(on(90, "90"));
    EXPECT_NO_THROW(on(86, "80"));
    EXPECT_NO_THROW(on(90, "gfx90a"));
    EXPECT_NO_THROW(on(90, "None"));
    expect_error<ModelError>([&] { on(80, "86"); }, {"net.pt2", "compute capability 8.6", "has 8.0"});
    expect_error<ModelError>([&] { on(100, "90"); }, {"compute capability 9.0", "has 10.0", "on a GPU like it"});
}

TEST(PackageTargetTest, CapabilityIsNothingToACpuAndWhereItIsNotKnown)
{
    EXPECT_NO_THROW(check_target({{"AOTI_COMPUTE_CAPABILITY", "90"}}, machine, "net.pt2"));
    auto gpu = machine;
    gpu.device = "cuda";
    EXPECT_NO_THROW(check_target({{"AOTI_COMPUTE_CAPABILITY", "90"}}, gpu, "net.pt2"));
}

TEST(PackageTargetTest, ANewerTorchIsRefused)
{
    auto const by = [](std::string const& torch) { check_target({{"distinfer.torch", torch}}, machine, "net.pt2"); };
    EXPECT_NO_THROW(by("2.11.0+cu130"));
    EXPECT_NO_THROW(by("2.9.1"));
    EXPECT_NO_THROW(by("2.11.3"));
    expect_error<ModelError>([&] { by("2.12.0"); }, {"net.pt2", "by torch 2.12.0", "LibTorch 2.11.0"});
    expect_error<ModelError>([&] { by("3.0.0"); }, {"by torch 3.0.0"});
}

TEST(PackageTargetTest, ThisMachineKnowsItself)
{
    auto const here = this_machine("cuda:3");
    EXPECT_EQ(here.device, "cuda");
    EXPECT_FALSE(here.architecture.empty());
    EXPECT_TRUE(here.has("INVALID_VEC_ISA"));
}

} // namespace distinfer::model
