#pragma once

#include "distinfer/config/environment.hpp"
#include "distinfer/core/error.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace distinfer::app
{

/// What may not take for ever, though nobody can interrupt it: a call of MPI that waits for other ranks, or a write to
/// a file system that does not answer.
struct Phase
{
    std::string name;
    double seconds = 60; ///< that it may take
    std::string suggestion = "see whether every rank and its host answer";
    ExitCode code = ExitCode::interrupted; ///< of a process in which it takes longer
};

/// Ends the process by _exit, behind a message, where the phase is not over in time: when this is destroyed.
class Watchdog
{
  public:
    explicit Watchdog(Phase phase);
    ~Watchdog();
    Watchdog(Watchdog const&) = delete;
    Watchdog& operator=(Watchdog const&) = delete;

  private:
    void watch();

    Phase phase_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool is_over_ = false;
    std::thread thread_; ///< last: it uses the above
};

/// Seconds that MPI may take to start: DIST_INFER_INIT_TIMEOUT, else 120. @throws ConfigError where that is no time
double init_timeout(config::Environment const& environment);

} // namespace distinfer::app
