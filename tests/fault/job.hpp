#pragma once

#include "e2e/program.hpp"
#include "support/temporary_folder.hpp"

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace distinfer::test
{

/// A job that runs beside the test, to be disturbed.
class Job
{
  public:
    /// Starts a program, under mpirun where start.ranks > 0. @param config its config, whose path no other job has
    Job(std::string program, std::string config, std::vector<std::string> const& options, Start const& start);

    /// Kills what is left of it.
    ~Job();
    Job(Job const&) = delete;
    Job& operator=(Job const&) = delete;

    /// SIGKILL to the launcher and every rank, until none is left.
    void kill_all() const;

    /// A signal to the launcher, which passes SIGUSR1 and SIGTERM on to the ranks.
    void signal_launcher(int signal) const;

    /// Processes of ranks, by number of the process.
    std::vector<pid_t> ranks() const;

    /// The process of a rank under mpirun; nothing where it has not begun or has ended.
    std::optional<pid_t> rank(int number) const;

    /// Waits until something holds. @returns whether it came to hold while the launcher was there
    bool runs_until(std::function<bool()> const& holds) const;

    /// Waits for the launcher. Its exit code, or 128 and its signal; 124 where it had to be killed after that time.
    int wait(double seconds);

    std::string err() const;

  private:
    std::vector<pid_t> processes() const;

    TemporaryFolder folder_;
    std::string program_;
    std::string config_;
    pid_t launcher_ = -1;
};

} // namespace distinfer::test
