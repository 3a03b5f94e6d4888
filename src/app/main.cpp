#include "distinfer/app/launch.hpp"
#include "distinfer/app/report_file.hpp"
#include "distinfer/comm/launcher.hpp"
#include "distinfer/config/cli.hpp"
#include "distinfer/pipeline/failure.hpp"

namespace
{

/// A command line that makes no sense is the same on every rank: one of them says so.
int fail(distinfer::pipeline::Failure const& failure)
{
    if (distinfer::comm::rank_hint(distinfer::comm::process_environment) == 0)
        distinfer::app::conclude({.exit_code = failure.code, .error = failure.message}, {});
    return static_cast<int>(failure.code);
}

} // namespace

int main(int argc, char** argv)
{
    try {
        auto const action = distinfer::config::parse_cli(argc, argv);
        return static_cast<int>(action.runs_job() ? distinfer::app::launch(action) : distinfer::app::print(action));
    } catch (std::exception const&) {
        return fail(distinfer::pipeline::failure_of(std::current_exception()));
    }
}
