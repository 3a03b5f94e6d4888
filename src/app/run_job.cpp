#include "distinfer/app/run_job.hpp"

#include "distinfer/app/agree.hpp"
#include "distinfer/app/progress.hpp"
#include "distinfer/app/report_file.hpp"
#include "distinfer/app/setup.hpp"
#include "distinfer/app/stall.hpp"
#include "distinfer/app/time_limit.hpp"
#include "distinfer/app/watchdog.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/device/host.hpp"
#include "distinfer/pipeline/rank_loop.hpp"
#include "distinfer/pipeline/root_loop.hpp"

#include <ctime>
#include <unistd.h>

namespace distinfer::app
{

namespace
{

void prepare(Setup& setup, config::Action const& action)
{
    setup.load_config(action);
    setup.check_output_path();
    if (setup.is_complete()) return;
    setup.place_ranks();
    setup.load_model();
    setup.open_input();
    setup.bind_model();
    setup.check_earlier_run();
    setup.probe_model();
    setup.create_output();
}

/// What ends a job early, beside signals: on root, the time limit.
TimeLimit time_limit(Setup& setup, InterruptSource& signals, bool is_root)
{
    auto const& run = setup.config().run;
    auto const now = static_cast<double>(std::time(nullptr));
    auto left = is_root ? seconds_left(run.time_limit, config::process_environment(), now) : std::nullopt;
    if (left) *left -= run.drain;
    return {signals, left};
}

/// What a job that ends early says. @param reason why root was asked to end it; empty where another rank was
std::string ended_early(RowSet const& done, std::uint64_t rows, std::string const& reason)
{
    return error_message("the job ended early", reason.empty() ? "a rank was asked to end" : reason,
                         std::to_string(done.size()) + " of " + std::to_string(rows) +
                             " rows are recorded: run it again to go on");
}

/// Ends the process, behind the last commit: threads are at work that nobody waits for, and ranks may be gone.
[[noreturn]] void leave(report::RunReport& report, bool is_root)
{
    report.exit_code = ExitCode::interrupted;
    if (is_root) conclude(report, report_path(report.folder, report.output_file));
    ::_exit(static_cast<int>(report.exit_code));
}

double silence_limit(pipeline::Job const& job)
{
    return pipeline::longest_silence(job.stall_timeout);
}

/// The report may be on a file system that hangs, and MPI_Abort on a network that does.
Phase ending_all()
{
    return {.name = "what is left to do after a stall", .seconds = 10};
}

/// Likewise, and all ranks with it: where one has stalled, the others have not been told.
[[noreturn]] void end_all(report::RunReport const& report, comm::Communicator& communicator)
{
    communicator.abort(static_cast<int>(report.exit_code));
    ::_exit(static_cast<int>(report.exit_code)); // never reached; the compiler does not know
}

/// What a rank does where root is silent, which cannot say so itself.
[[noreturn]] void leave_silent(pipeline::Job const& job, report::RunReport& report, comm::Communicator& communicator)
{
    Watchdog const watchdog{ending_all()};
    report.exit_code = ExitCode::interrupted;
    log::error(silence_message(silence_limit(job), report));
    end_all(report, communicator);
}

[[noreturn]] void leave_stalled(pipeline::Ending const& ending, Setup& setup, comm::Communicator& communicator,
                                report::RunReport& report)
{
    Watchdog const watchdog{ending_all()};
    auto const& stall = *ending.stall;
    report.exit_code = ending.failure->code;
    report.error = stall_message(stall, setup.job().windows.window(stall.window.value_or(0)), report);
    // An error that came before it is the job's.
    if (report.exit_code != ExitCode::interrupted) report.error = ending.failure->message + "; then " + report.error;
    conclude(report, report_path(report.folder, report.output_file));
    end_all(report, communicator);
}

pipeline::Ending stream_as_root(Setup& setup, comm::Communicator& communicator, comm::Transport& transport,
                                report::RunReport& report, InterruptSource& signals)
{
    auto limit = time_limit(setup, signals, true);
    Progress progress{progress_style(setup.config().report.progress == config::Progress::automatic),
                      report.rows - report.rows_resumed};
    pipeline::RootLoop loop{setup.job(), communicator, transport, setup.parts(limit),
                            [&](std::uint64_t rows) { progress.add(rows); }};
    auto ending = loop.run();
    report.rows_stored = setup.output().done().size();
    if (ending.stall) leave_stalled(ending, setup, communicator, report);
    if (ending.failure && ending.failure->code == ExitCode::interrupted) {
        report.error = ended_early(setup.output().done(), report.rows, limit.reason());
        ending.failure->message = report.error;
    } else if (ending.failure && report.rows_stored > 0) {
        ending.failure->message += " [" + std::to_string(report.rows_stored) + " of " + std::to_string(report.rows) +
                                   " rows are recorded, and kept for the next run]";
    }
    if (ending.left) leave(report, true);
    return ending;
}

pipeline::Ending stream(Setup& setup, comm::Communicator& communicator, comm::Transport& transport,
                        report::RunReport& report, InterruptSource& signals)
{
    if (communicator.is_root()) return stream_as_root(setup, communicator, transport, report, signals);
    auto limit = time_limit(setup, signals, false);
    pipeline::RankLoop loop{setup.job(), communicator, transport, setup.parts(limit)};
    auto const ending = loop.run();
    if (ending.root_is_silent) leave_silent(setup.job(), report, communicator);
    if (ending.left) leave(report, false);
    return ending;
}

void gather_times(pipeline::Ending const& ending, comm::Communicator& communicator, report::RunReport& report)
{
    auto& own = report.ranks.at(narrow<std::size_t>(communicator.rank()));
    own.fetch = ending.fetch;
    own.decode = ending.decode;
    own.infer = ending.infer;
    own.store = ending.store;
    own.peak_memory_bytes = device::peak_memory_bytes();
    auto const texts = communicator.allgather(report::encode(own));
    if (!communicator.is_root()) return;
    for (std::size_t rank = 0; rank < texts.size(); ++rank) report.ranks[rank] = report::decode_rank(texts[rank]);
}

std::map<std::string, std::string> attributes_of(report::RunReport const& report, Setup& setup)
{
    auto const build = report::build_info();
    return {{"version", build.version},
            {"git", build.git},
            {"libtorch", build.libtorch},
            {"model", setup.config().model.path},
            {"model_sha256", report.model_sha256},
            {"batch", std::to_string(report.batch)},
            {"threads", std::to_string(report.threads)},
            {"attempts", std::to_string(setup.output().attempts())},
            {"config", report.config_text}};
}

void run(config::Action const& action, comm::Communicator& communicator, comm::Transport& transport,
         report::RunReport& report, InterruptSource& signals)
{
    Stopwatch const setup_time;
    Setup setup{communicator, report};
    prepare(setup, action);
    report.setup_seconds = setup_time.seconds();
    if (setup.is_complete()) return;

    Stopwatch const run_time;
    auto const ending = stream(setup, communicator, transport, report, signals);
    report.run_seconds = run_time.seconds();
    // The longest that it waits for is the file system, while root finishes the output.
    Watchdog const watchdog{{.name = "the end of the job",
                             .seconds = 60 + silence_limit(setup.job()),
                             .code = ending.failure ? ending.failure->code : ExitCode::interrupted}};
    gather_times(ending, communicator, report);
    if (ending.failure) throw AgreedError(ending.failure->code, ending.failure->message);
    agree_on_root(communicator, [&] { setup.output().finish(attributes_of(report, setup)); });
    report.run_seconds = run_time.seconds();
}

} // namespace

ExitCode run_job(config::Action const& action, comm::Communicator& communicator, comm::Transport& transport,
                 std::string const& mpi_library, InterruptSource& signals)
{
    log::set_rank(communicator.rank());
    report::RunReport report{.command = action.config_path, .started = report::utc_now(), .mpi_library = mpi_library};
    try {
        run(action, communicator, transport, report, signals);
    } catch (AgreedError const& error) {
        report.exit_code = error.code();
        report.error = error.what();
    }
    if (communicator.is_root()) conclude(report, report_path(report.folder, report.output_file));
    return report.exit_code;
}

} // namespace distinfer::app
