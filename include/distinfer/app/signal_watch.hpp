#pragma once

#include "distinfer/core/interrupt.hpp"

#include <atomic>
#include <thread>

namespace distinfer::app
{

/// Takes the signals that ask a job to end. SIGUSR1 and the first SIGINT: drain. SIGTERM and the next SIGINT: leave,
/// and since a launcher kills right after SIGTERM, the process ends by itself with exit code 75 if it is still there
/// 0.15 s later; what was not recorded by then is run again. Made before there are other threads, since they have to
/// leave these signals to it. Thread-safe.
class SignalWatch : public InterruptSource
{
  public:
    SignalWatch();
    ~SignalWatch() override;
    SignalWatch(SignalWatch const&) = delete;
    SignalWatch& operator=(SignalWatch const&) = delete;

    Interrupt now() override { return level_; }

    /// The name of the signal that came first.
    std::string reason() const override { return name_.load(); }

  private:
    void watch();
    void take(int signal);

    std::atomic<Interrupt> level_ = Interrupt::none;
    std::atomic<char const*> name_ = "";
    std::atomic<bool> over_ = false;
    std::thread thread_; ///< last: it uses the above
};

} // namespace distinfer::app
