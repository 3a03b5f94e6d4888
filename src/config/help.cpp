#include "distinfer/config/keys.hpp"
#include "requests.hpp"

#include <algorithm>

namespace distinfer::config
{

namespace
{

constexpr std::size_t doc_column = 26;

constexpr auto intro = R"(dist-infer: offline PyTorch inference over MPI; every row back, in order

usage: dist-infer CONFIG [OPTION...]
       mpirun -np 8 dist-infer CONFIG [OPTION...]
)";

constexpr auto outro = R"(
A value is taken from the config, then from the environment (DIST_INFER_RUN_BATCH is run.batch), then from
--set, then from the other options; the last one wins.

exit codes: 0 done, 2 usage or config, 3 input data, 4 model, 5 device, 6 MPI or launcher, 7 output,
8 done with skipped rows, 70 internal error, 75 interrupted and resumable
)";

std::string row(std::string_view left, std::string_view doc)
{
    auto line = "  " + std::string{left};
    line.resize(std::max(doc_column, line.size() + 2), ' ');
    return line.append(doc).append("\n");
}

std::string option(std::string_view name, std::string_view argument, std::string_view doc)
{
    auto left = "--" + std::string{name};
    if (!argument.empty()) left.append(" ").append(argument);
    return row(left, doc);
}

std::string explain(Flag const& flag)
{
    std::string text{flag.key};
    if (!flag.value.empty()) return text.append(" is ").append(flag.value);
    return text.append(": ").append(doc_of(flag.key));
}

} // namespace

std::string help_text()
{
    std::string text = intro;
    for (auto const& command : commands()) {
        text.append("       dist-infer ").append(command.name).append(" ").append(command.arguments).append("\n");
    }
    text.append("\noptions:\n").append(option("set", "KEY=VALUE", "any key of the config; a list is [a, b]"));
    for (auto const& flag : flags) text.append(option(flag.name, flag.argument, explain(flag)));
    text.append(option(retry_bad, "", "run the rows again that earlier runs of this job have skipped as bad"));
    for (auto const& request : requests) text.append(option(request.name, "", request.doc));
    text.append("\ncommands:\n");
    for (auto const& command : commands()) text.append(row(command.name, command.doc));
    return text + outro;
}

} // namespace distinfer::config
