#include "distinfer/app/run_job.hpp"

#include "distinfer/app/agree.hpp"
#include "distinfer/app/progress.hpp"
#include "distinfer/app/report_file.hpp"
#include "distinfer/app/setup.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/device/host.hpp"
#include "distinfer/pipeline/rank_loop.hpp"
#include "distinfer/pipeline/root_loop.hpp"

namespace distinfer::app
{

namespace
{

void prepare(Setup& setup, config::Action const& action)
{
    setup.load_config(action);
    setup.check_output_path();
    setup.place_ranks();
    setup.load_model();
    setup.open_input();
    setup.bind_model();
    setup.probe_model();
    setup.create_output();
}

pipeline::Ending stream(Setup& setup, comm::Communicator& communicator, comm::Transport& transport,
                        report::RunReport& report)
{
    if (!communicator.is_root()) return pipeline::RankLoop{setup.job(), communicator, transport, setup.parts()}.run();

    Progress progress{progress_style(setup.config().report.progress == config::Progress::automatic), report.rows};
    auto const ending = pipeline::RootLoop{
        setup.job(), communicator, transport, setup.parts(), [&](std::uint64_t rows) {
            progress.add(rows);
        }}.run();
    report.rows_stored = progress.rows_done();
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

std::map<std::string, std::string> attributes_of(report::RunReport const& report, config::Config const& config)
{
    auto const build = report::build_info();
    return {{"version", build.version},
            {"git", build.git},
            {"libtorch", build.libtorch},
            {"model", config.model.path},
            {"model_sha256", report.model_sha256},
            {"batch", std::to_string(report.batch)},
            {"threads", std::to_string(report.threads)},
            {"config", report.config_text}};
}

void run(config::Action const& action, comm::Communicator& communicator, comm::Transport& transport,
         report::RunReport& report)
{
    Stopwatch const setup_time;
    Setup setup{communicator, report};
    prepare(setup, action);
    report.setup_seconds = setup_time.seconds();

    Stopwatch const run_time;
    auto const ending = stream(setup, communicator, transport, report);
    gather_times(ending, communicator, report);
    if (ending.failure) throw AgreedError(ending.failure->code, ending.failure->message);
    agree(communicator, [&] {
        if (setup.job().direct_write) setup.output().sync();
    });
    agree_on_root(communicator, [&] { setup.output().finish(attributes_of(report, setup.config())); });
    report.run_seconds = run_time.seconds();
}

} // namespace

ExitCode run_job(config::Action const& action, comm::Communicator& communicator, comm::Transport& transport,
                 std::string const& mpi_library)
{
    log::set_rank(communicator.rank());
    report::RunReport report{.command = action.config_path, .started = report::utc_now(), .mpi_library = mpi_library};
    try {
        run(action, communicator, transport, report);
    } catch (AgreedError const& error) {
        report.exit_code = error.code();
        report.error = error.what();
    }
    if (communicator.is_root()) conclude(report, report_path(report.folder, report.output_file));
    return report.exit_code;
}

} // namespace distinfer::app
