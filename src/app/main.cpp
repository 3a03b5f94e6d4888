#include "distinfer/app/launch.hpp"
#include "distinfer/comm/launcher.hpp"
#include "distinfer/config/cli.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/pipeline/failure.hpp"

#include <cstdio>

namespace
{

/// A command line that makes no sense is the same on every rank: one of them says so.
int fail(distinfer::pipeline::Failure const& failure)
{
    int const code = static_cast<int>(failure.code);
    if (distinfer::comm::rank_hint(distinfer::comm::process_environment) == 0) {
        distinfer::log::error(failure.message);
        std::printf("dist-infer: failed exit_code=%d\n", code);
    }
    return code;
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
