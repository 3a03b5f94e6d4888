#include "distinfer/core/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace distinfer::log
{

namespace
{

spdlog::logger& logger()
{
    static auto const instance = [] {
        auto made = std::make_shared<spdlog::logger>("dist-infer", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("dist-infer: %v");
        return made;
    }();
    return *instance;
}

} // namespace

void set_rank(int rank)
{
    logger().set_pattern(rank > 0 ? "dist-infer: rank " + std::to_string(rank) + ": %v" : "dist-infer: %v");
}

void info(std::string_view message)
{
    logger().info("{}", message);
}

void warning(std::string_view message)
{
    logger().warn("warning: {}", message);
}

void error(std::string_view message)
{
    logger().error("error: {}", message);
}

} // namespace distinfer::log
