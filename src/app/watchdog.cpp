#include "distinfer/app/watchdog.hpp"

#include "distinfer/core/log.hpp"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <chrono>
#include <unistd.h>

namespace distinfer::app
{

Watchdog::Watchdog(Phase phase) : phase_(std::move(phase)), thread_([this] { watch(); }) {}

Watchdog::~Watchdog()
{
    {
        std::lock_guard const lock{mutex_};
        is_over_ = true;
    }
    ended_.notify_one();
    thread_.join();
}

void Watchdog::watch()
{
    std::unique_lock lock{mutex_};
    if (ended_.wait_for(lock, std::chrono::duration<double>(phase_.seconds), [&] { return is_over_; })) return;
    log::error(error_message(phase_.name + " does not end",
                             fmt::format("it may take {:g} s; this process ends itself", phase_.seconds),
                             phase_.suggestion));
    ::_exit(static_cast<int>(phase_.code));
}

double init_timeout(config::Environment const& environment)
{
    constexpr auto variable = "DIST_INFER_INIT_TIMEOUT";
    auto const text = environment(variable);
    if (!text) return 120;
    double seconds = 0;
    auto const [rest, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    constexpr double longest = 1e6;
    if (error != std::errc{} || rest != text->data() + text->size() || !(seconds > 0 && seconds <= longest))
        throw ConfigError(std::string{variable} + " is '" + *text + "'", "expected seconds, up to 1000000",
                          "leave it out for 120");
    return seconds;
}

} // namespace distinfer::app
