#include "distinfer/app/fingerprint.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace distinfer::app
{

namespace
{

config::Config job()
{
    config::Config config;
    config.input.files = {"data.h5"};
    config.model.path = "model.pt";
    config.model.inputs = {{.dataset = "/x"}};
    config.output.file = "out.h5";
    return config;
}

std::optional<ledger::Difference> difference(std::function<void(config::Config&)> const& change)
{
    JobTraits const traits{.model_sha256 = "abc", .device = "cpu", .libtorch = "2.11.0"};
    auto changed = job();
    change(changed);
    return ledger::compare(fingerprint(changed, traits), fingerprint(job(), traits));
}

} // namespace

TEST(FingerprintTest, WhatDecidesResultsIsNamed)
{
    using config::Config;
    EXPECT_EQ(difference([](Config& c) { c.model.inputs[0].scale = 2; })->name, "model.inputs[0].scale");
    EXPECT_EQ(difference([](Config& c) { c.model.inputs[0].mean = {1, 2}; })->name, "model.inputs[0].mean[0]");
    EXPECT_EQ(difference([](Config& c) { c.model.method = "encode"; })->name, "model.method");
    EXPECT_EQ(difference([](Config& c) { c.output.passthrough = {"/ids"}; })->name, "output.passthrough[0]");
    EXPECT_EQ(difference([](Config& c) { c.run.refuse_nonfinite = true; })->name, "run.refuse_nonfinite");
}

TEST(FingerprintTest, HowAJobRunsIsFreeToChange)
{
    EXPECT_FALSE(difference([](config::Config& c) {
        c.input.files = {"other name.h5"};
        c.input.read = config::ReadMode::direct;
        c.model.path = "moved.pt";
        c.output.write = config::WriteMode::direct;
        c.output.if_exists = config::IfExists::overwrite;
        c.run.window = 1;
        c.run.credits = 7;
        c.run.schedule = config::Schedule::static_;
        c.run.commit_interval = 1;
        c.run.resume = config::Resume::require;
        c.run.drain = 3;
        c.run.threads = 2; // the number that it comes to is a trait
        c.run.batch = 65;  // likewise
        c.run.on_bad_row = config::OnBadRow::skip;
        c.report.dir = "/tmp";
    }));
}

TEST(FingerprintTest, TraitsAreNamed)
{
    auto const with = [](JobTraits const& traits) { return fingerprint(job(), traits); };
    auto const name = [&](JobTraits const& other) {
        return ledger::compare(with(other), with({"abc", "cpu", "2.11.0"}))->name;
    };
    EXPECT_EQ(name({"abd", "cpu", "2.11.0"}), "sha256 of the model");
    EXPECT_EQ(name({"abc", "cuda", "2.11.0"}), "device");
    EXPECT_EQ(name({"abc", "cpu", "2.12.0"}), "LibTorch");
    EXPECT_EQ(name({"abc", "cpu", "2.11.0", 2}), "run.threads");
    EXPECT_EQ(name({"abc", "cpu", "2.11.0", 1, 65}), "run.batch");
}

} // namespace distinfer::app
