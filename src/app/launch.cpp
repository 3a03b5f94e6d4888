#include "distinfer/app/launch.hpp"

#include "distinfer/app/run_job.hpp"
#include "distinfer/app/signal_watch.hpp"
#include "distinfer/app/status.hpp"
#include "distinfer/app/watchdog.hpp"
#include "distinfer/comm/launcher.hpp"
#include "distinfer/comm/mpi_ranks.hpp"
#include "distinfer/comm/rank_lost.hpp"
#include "distinfer/comm/serial.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/device/host.hpp"
#include "distinfer/pipeline/failure.hpp"
#include "distinfer/report/run_report.hpp"

#include <csignal>
#include <cstdio>
#include <optional>
#include <sys/ioctl.h>
#include <unistd.h>

namespace distinfer::app
{

namespace
{

/// Seconds. Every survivor has to come, also one that is loading a model just then.
constexpr double longest_recovery = 300;

/// What is thrown here is this rank's alone: the others do not know of it, and would wait for ever.
ExitCode abort_all(comm::Communicator& communicator)
{
    auto const failure = pipeline::failure_of(std::current_exception());
    log::error(failure.message);
    communicator.abort(static_cast<int>(failure.code));
    return failure.code;
}

/// The job among the ranks that are left; nothing where another has died, and they have to begin again.
std::optional<ExitCode> try_job(config::Action const& action, comm::MpiRanks& ranks, SignalWatch& signals,
                                Takeover& takeover)
{
    try {
        return run_job(action, {ranks.communicator(), ranks.transport(), comm::mpi_library(), signals, takeover});
    } catch (comm::RankLost const& loss) {
        if (!takeover.allowed) return abort_all(ranks.communicator());
        log::warning(loss.what());
        return std::nullopt;
    } catch (std::exception const&) {
        return abort_all(ranks.communicator());
    }
}

void begin_again(comm::MpiRanks& ranks, Takeover& takeover)
{
    Watchdog const watchdog{{.name = "going on without a lost rank", .seconds = longest_recovery}};
    for (int const rank : ranks.go_on_without_the_lost()) takeover.lost.push_back(takeover.name(rank));
    takeover.again = true;
    log::set_rank(ranks.communicator().rank());
    if (ranks.communicator().is_root())
        log::warning("going on with the " + std::to_string(ranks.communicator().size()) + " ranks that are left");
}

Phase starting()
{
    return {.name = "MPI_Init",
            .seconds = init_timeout(config::process_environment()),
            .suggestion = "see whether every host starts its ranks, or give DIST_INFER_INIT_TIMEOUT more seconds"};
}

/// Waits until the launcher has read what was printed, where it reads from a pipe, for a second at most: it drops what
/// is left there when a process ends without MPI_Finalize.
void wait_until_read(int output)
{
    Stopwatch const since_then;
    int unread = 0;
    while (::ioctl(output, FIONREAD, &unread) == 0 && unread > 0 && since_then.seconds() < 1) ::usleep(1000);
}

ExitCode launch_under_mpi(config::Action const& action, SignalWatch& signals)
{
    log::set_rank(comm::rank_hint(comm::process_environment));
    Takeover takeover;
    std::optional<Watchdog> watchdog{starting()};
    comm::MpiSession const session;
    comm::MpiRanks ranks;
    watchdog.reset();
    auto code = try_job(action, ranks, signals, takeover);
    while (!code) {
        begin_again(ranks, takeover);
        code = try_job(action, ranks, signals, takeover);
    }
    // MPI_Finalize was seen to hang after a loss, and one may just have happened; all that counts is on disk by now.
    if (ranks.communicator().survives_losses()) {
        wait_until_read(STDOUT_FILENO);
        ::_exit(static_cast<int>(*code));
    }
    // What the job has done is done: its own code holds.
    watchdog.emplace(Phase{.name = "MPI_Finalize", .code = *code});
    return *code;
}

ExitCode launch_alone(config::Action const& action, SignalWatch& signals)
{
    comm::SerialCommunicator communicator;
    comm::SerialTransport transport;
    Takeover takeover;
    return run_job(action, {communicator, transport, {}, signals, takeover});
}

} // namespace

ExitCode launch(config::Action const& action)
{
    device::keep_freed_memory();
    // A write beyond ulimit -f is an error of that write, with its message.
    std::signal(SIGXFSZ, SIG_IGN);
    SignalWatch signals;
    return comm::launched(comm::process_environment) ? launch_under_mpi(action, signals)
                                                     : launch_alone(action, signals);
}

ExitCode print(config::Action const& action)
{
    using Kind = config::Action::Kind;
    if (action.kind == Kind::status) return print_status(action);
    std::string text;
    if (action.kind == Kind::help) text = config::help_text();
    if (action.kind == Kind::version) text = "dist-infer " + report::build_info().version + "\n";
    if (action.kind == Kind::version_json) text = report::to_json(report::build_info());
    if (action.kind == Kind::dump_default) text = config::dump_default();
    std::fputs(text.c_str(), stdout);
    return ExitCode::done;
}

} // namespace distinfer::app
