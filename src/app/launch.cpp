#include "distinfer/app/launch.hpp"

#include "distinfer/app/run_job.hpp"
#include "distinfer/app/signal_watch.hpp"
#include "distinfer/app/status.hpp"
#include "distinfer/app/watchdog.hpp"
#include "distinfer/comm/launcher.hpp"
#include "distinfer/comm/mpi_session.hpp"
#include "distinfer/comm/serial.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/device/host.hpp"
#include "distinfer/pipeline/failure.hpp"
#include "distinfer/report/run_report.hpp"

#include <csignal>
#include <cstdio>
#include <optional>

namespace distinfer::app
{

namespace
{

/// What is thrown here is this rank's alone: the others do not know of it, and would wait for ever.
ExitCode abort_all(comm::Communicator& communicator)
{
    auto const failure = pipeline::failure_of(std::current_exception());
    log::error(failure.message);
    communicator.abort(static_cast<int>(failure.code));
    return failure.code;
}

Phase starting()
{
    return {.name = "MPI_Init",
            .seconds = init_timeout(config::process_environment()),
            .suggestion = "see whether every host starts its ranks, or give DIST_INFER_INIT_TIMEOUT more seconds"};
}

ExitCode launch_under_mpi(config::Action const& action, SignalWatch& signals)
{
    log::set_rank(comm::rank_hint(comm::process_environment));
    std::optional<Watchdog> watchdog{starting()};
    comm::MpiSession const session;
    auto const communicator = comm::make_mpi_communicator();
    auto const transport = comm::make_mpi_transport();
    watchdog.reset();
    try {
        auto const code = run_job(action, *communicator, *transport, comm::mpi_library(), signals);
        // What the job has done is done: its own code holds.
        watchdog.emplace(Phase{.name = "MPI_Finalize", .code = code});
        return code;
    } catch (std::exception const&) {
        return abort_all(*communicator);
    }
}

ExitCode launch_alone(config::Action const& action, SignalWatch& signals)
{
    comm::SerialCommunicator communicator;
    comm::SerialTransport transport;
    return run_job(action, communicator, transport, {}, signals);
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
