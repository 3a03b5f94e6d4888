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
#include "distinfer/pipeline/farewell.hpp"
#include "distinfer/pipeline/rank_loop.hpp"
#include "distinfer/pipeline/root_loop.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/fmt/ranges.h>

#include <ctime>
#include <unistd.h>

namespace distinfer::app
{

namespace
{

constexpr std::uint64_t bad_rows_reported = 100;

void prepare(Setup& setup, config::Action const& action)
{
    setup.load_config(action);
    setup.check_output_path();
    if (setup.is_complete()) return;
    setup.place_ranks();
    setup.load_model();
    setup.open_input();
    setup.choose_batch();
    setup.bind_model();
    setup.check_earlier_run();
    setup.probe_model();
    setup.compare_precision();
    setup.create_output();
}

/// What ends a job early, beside signals: on root, the time limit.
TimeLimit time_limit(Setup& setup, Context const& context)
{
    if (!context.communicator.is_root()) return {context.signals, std::nullopt};
    auto const& run = setup.config().run;
    auto left = seconds_left(run.time_limit, config::process_environment(), static_cast<double>(std::time(nullptr)),
                             context.takeover.since_start.seconds());
    if (left) *left -= run.drain;
    return {context.signals, left};
}

/// What a job that ends early says. @param reason why root was asked to end it; empty where another rank was
std::string ended_early(report::RunReport const& report, std::string const& reason)
{
    return error_message("the job ended early", reason.empty() ? "a rank was asked to end" : reason,
                         how_to_go_on(report));
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

pipeline::Ending stream_as_root(Setup& setup, Context const& context, report::RunReport& report)
{
    auto limit = time_limit(setup, context);
    Progress progress{progress_style(setup.config().report.progress == config::Progress::automatic),
                      report.rows - report.rows_resumed};
    pipeline::RootLoop loop{setup.job(), context.communicator, context.transport, setup.parts(limit),
                            [&](std::uint64_t rows) { progress.add(rows); }};
    auto ending = loop.run();
    report.rows_stored = setup.output().stored();
    report.rows_skipped = setup.output().skipped();
    report.bad_rows = setup.output().bad_rows(bad_rows_reported);
    if (ending.stall) leave_stalled(ending, setup, context.communicator, report);
    if (ending.failure && ending.failure->code == ExitCode::interrupted) {
        report.error = ended_early(report, limit.reason());
        ending.failure->message = report.error;
    } else if (ending.failure && report.rows_stored > 0) {
        ending.failure->message += " [" + std::to_string(report.rows_stored) + " of " + std::to_string(report.rows) +
                                   " rows are recorded, and kept for the next run]";
    }
    if (ending.left) leave(report, true);
    return ending;
}

pipeline::Ending stream(Setup& setup, Context const& context, report::RunReport& report)
{
    if (context.communicator.is_root()) return stream_as_root(setup, context, report);
    auto limit = time_limit(setup, context);
    pipeline::RankLoop loop{setup.job(), context.communicator, context.transport, setup.parts(limit)};
    auto const ending = loop.run();
    if (ending.root_is_silent) leave_silent(setup.job(), report, context.communicator);
    if (ending.left) leave(report, false);
    return ending;
}

report::RankReport& own_report(report::RunReport& report, Setup const& setup, pipeline::Ending const& ending, int rank)
{
    auto& own = report.ranks.at(narrow<std::size_t>(rank));
    own.fetch = ending.fetch;
    own.decode = ending.decode;
    own.infer = ending.infer;
    own.store = ending.store;
    own.peak_memory_bytes = device::peak_memory_bytes();
    own.batches_in_parts = setup.batches_in_parts();
    return own;
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
            {"lost_ranks", fmt::format("{}", fmt::join(report.lost_ranks, ", "))},
            {"config", report.config_text}};
}

pipeline::Failure finish(Setup& setup, report::RunReport& report, pipeline::Ending const& ending)
{
    if (ending.failure) return *ending.failure;
    try {
        bool const skips = setup.config().run.on_bad_row == config::OnBadRow::skip;
        setup.output().finish(attributes_of(report, setup), skips);
        return {report.rows_skipped > 0 ? ExitCode::skipped : ExitCode::done, {}};
    } catch (std::exception const&) {
        return pipeline::failure_of(std::current_exception());
    }
}

pipeline::Failure end_as_root(Setup& setup, Context const& context, report::RunReport& report,
                              pipeline::Ending const& ending)
{
    pipeline::Farewell farewell{context.communicator, ending.lost};
    auto const texts = farewell.collect(report::encode(own_report(report, setup, ending, 0)));
    for (std::size_t rank = 0; rank < texts.size(); ++rank)
        if (!texts[rank].empty()) report.ranks[rank] = report::decode_rank(texts[rank]);
    for (int const rank : farewell.lost()) report.lost_ranks.push_back(context.takeover.name(rank));
    auto const end = finish(setup, report, ending);
    farewell.tell(end);
    return end;
}

/// Every rank ends alike, also where some have died.
pipeline::Failure end(Setup& setup, Context const& context, report::RunReport& report, pipeline::Ending const& ending)
{
    auto& communicator = context.communicator;
    if (communicator.is_root()) return end_as_root(setup, context, report, ending);
    context.takeover.was_ending = !ending.failure;
    context.takeover.rows = report.rows;
    pipeline::Farewell farewell{communicator, {}};
    return farewell.report(report::encode(own_report(report, setup, ending, communicator.rank())));
}

void run(config::Action const& action, Context const& context, report::RunReport& report)
{
    Stopwatch const setup_time;
    Setup setup{context.communicator, report, context.takeover};
    prepare(setup, action);
    report.setup_seconds = setup_time.seconds();
    if (setup.is_complete()) return;

    Stopwatch const run_time;
    auto const ending = stream(setup, context, report);
    report.run_seconds = run_time.seconds();
    // The longest that it waits for is the file system, while root finishes the output.
    Watchdog const watchdog{{.name = "the end of the job",
                             .seconds = 60 + silence_limit(setup.job()),
                             .code = ending.failure ? ending.failure->code : ExitCode::interrupted}};
    auto const said = end(setup, context, report, ending);
    if (!said.message.empty()) throw AgreedError(said.code, said.message);
    report.exit_code = said.code;
    report.run_seconds = run_time.seconds();
}

} // namespace

ExitCode run_job(config::Action const& action, Context const& context)
{
    auto const& communicator = context.communicator;
    log::set_rank(communicator.rank());
    report::RunReport report{.command = action.config_path,
                             .started = report::utc_now(),
                             .mpi_library = context.mpi_library,
                             .lost_ranks = context.takeover.lost};
    try {
        run(action, context, report);
    } catch (AgreedError const& error) {
        report.exit_code = error.code();
        report.error = error.what();
    }
    if (communicator.is_root()) conclude(report, report_path(report.folder, report.output_file));
    return report.exit_code;
}

} // namespace distinfer::app
