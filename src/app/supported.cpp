#include "distinfer/app/supported.hpp"

#include "distinfer/core/error.hpp"

#include <string>

namespace distinfer::app
{

namespace
{

void refuse_if(bool asked_for, std::string const& what, std::string const& instead)
{
    if (asked_for) throw ConfigError(what + " is not available in this version", {}, instead);
}

} // namespace

void check_supported(config::Config const& config)
{
    using namespace config;
    auto const& run = config.run;
    refuse_if(run.transport == TransportChoice::gloo || run.transport == TransportChoice::nccl,
              "run.transport other than mpi", "use auto or mpi");
    refuse_if(run.share_device, "run.share_device", "leave it out");
    refuse_if(config.report.trace || config.report.html, "report.trace and report.html", "read report.json");
}

} // namespace distinfer::app
