#pragma once

#include "e2e/program.hpp"
#include "support/temporary_folder.hpp"

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

    /// SIGKILL to the launcher and every rank.
    void kill_all() const;

    /// A signal to the launcher, which passes SIGUSR1 and SIGTERM on to the ranks.
    void signal_launcher(int signal) const;

    /// Processes of ranks, by number of the process.
    std::vector<pid_t> ranks() const;

    /// The process of a rank of a job under mpirun. @throws std::runtime_error where there is none
    pid_t process_of(int rank) const;

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
