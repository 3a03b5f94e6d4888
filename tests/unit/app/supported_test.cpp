#include "distinfer/app/supported.hpp"
#include "distinfer/core/error.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace distinfer::app
{

namespace
{

config::Config good()
{
    config::Config config;
    config.input.files = {"data.h5"};
    return config;
}

} // namespace

TEST(SupportedTest, DefaultsAreSupported)
{
    EXPECT_NO_THROW(check_supported(good()));
}

TEST(SupportedTest, WhatIsNotThereYetIsRefusedByName)
{
    using namespace config;
    std::vector<std::pair<std::string, std::function<void(Config&)>>> const changes{
        {"run.transport", [](Config& c) { c.run.transport = TransportChoice::nccl; }},
        {"run.share_device", [](Config& c) { c.run.share_device = true; }},
        {"report.trace", [](Config& c) { c.report.html = true; }},
    };
    for (auto const& [name, change] : changes) {
        auto config = good();
        change(config);
        try {
            check_supported(config);
            ADD_FAILURE() << name;
        } catch (ConfigError const& error) {
            EXPECT_NE(std::string{error.what()}.find(name), std::string::npos) << error.what();
        }
    }
}

} // namespace distinfer::app
