#include "distinfer/config/cli.hpp"

#include "distinfer/core/did_you_mean.hpp"
#include "distinfer/core/error.hpp"
#include "requests.hpp"

#include <cxxopts.hpp>

#include <algorithm>

namespace distinfer::config
{

namespace
{

constexpr auto usage = "usage: dist-infer CONFIG [--set key=value]... (dist-infer --help tells more)";

/// The options of a form of the command line, and what stood there.
struct Words
{
    std::vector<std::pair<std::string, std::string>> options; ///< name and value, in order; CONFIG is "config"
    std::vector<std::string> left_over;                       ///< belongs to no option
};

void add_option(cxxopts::Options& options, std::string_view name, bool takes_value)
{
    auto const value = takes_value ? cxxopts::value<std::string>() : cxxopts::value<bool>();
    options.add_option("", cxxopts::Option{std::string{name}, "", value});
}

/// Splits the command line. cxxopts would cut a repeated option's value at its commas, so values are taken as written.
Words split(cxxopts::Options& options, Arguments arguments)
{
    options.allow_unrecognised_options();
    try {
        auto const result = options.parse(static_cast<int>(arguments.size()), arguments.data());
        Words words{{}, result.unmatched()};
        for (auto const& argument : result.arguments()) words.options.emplace_back(argument.key(), argument.value());
        return words;
    } catch (std::exception const& error) {
        throw ConfigError("the command line cannot be read", error.what(), usage);
    }
}

[[noreturn]] void refuse_option(std::string const& option, std::vector<std::string_view> const& names)
{
    auto const written = option.substr(0, option.find('='));
    std::vector<std::string> dashed;
    for (auto const name : names) dashed.push_back("--" + std::string{name});
    std::vector<std::string_view> const words{dashed.begin(), dashed.end()};
    auto const near = !nearest(written, words).empty();
    throw ConfigError("unknown option " + written, "", near ? did_you_mean(written, words) : usage);
}

/// Names the first word that has no place, as it was written.
void refuse_left_over(Words const& words, Arguments arguments, std::vector<std::string_view> const& names)
{
    for (auto const& word : words.left_over) {
        if (!word.starts_with('-')) continue;
        // cxxopts takes "-batch" for five short options.
        auto const same = [&](std::string_view argument) { return argument.starts_with(word); };
        auto const whole = std::find_if(arguments.begin(), arguments.end(), same);
        refuse_option(whole == arguments.end() ? word : *whole, names);
    }
    if (!words.left_over.empty())
        throw ConfigError("unexpected argument '" + words.left_over.front() + "'", "one config is run at a time",
                          usage);
}

std::vector<std::string_view> names_of_run()
{
    std::vector<std::string_view> found{"set", retry_bad};
    for (auto const& flag : flags) found.push_back(flag.name);
    for (auto const& request : requests) found.push_back(request.name);
    return found;
}

/// Puts one option of a run into the action. A flag that is switched off, as --no-progress=false, says nothing.
void take_option(Action& action, std::string const& name, std::string const& value)
{
    auto const named = [&](auto const& entry) { return entry.name == name; };
    auto const request = std::find_if(requests.begin(), requests.end(), named);
    auto const flag = std::find_if(flags.begin(), flags.end(), named);
    if (name == "config")
        action.config_path = value;
    else if (name == "set")
        action.overrides.sets.push_back(value);
    else if (name == retry_bad)
        action.retry_bad = value == "true";
    else if (request != requests.end())
        action.kind = request->kind;
    else if (flag != flags.end() && !flag->argument.empty())
        action.overrides.flags.emplace_back(flag->key, value);
    else if (flag != flags.end() && value == "true")
        action.overrides.flags.emplace_back(flag->key, flag->value);
}

/// dist-infer CONFIG [OPTION...], and the options that print something instead.
Action parse_run(Arguments arguments)
{
    cxxopts::Options options{"dist-infer"};
    add_option(options, "config", true);
    add_option(options, "set", true);
    add_option(options, retry_bad, false);
    for (auto const& flag : flags) add_option(options, flag.name, !flag.argument.empty());
    for (auto const& request : requests) add_option(options, request.name, false);
    options.parse_positional("config");
    auto const words = split(options, arguments);
    refuse_left_over(words, arguments, names_of_run());
    Action action;
    for (auto const& [name, value] : words.options) take_option(action, name, value);
    if (action.config_path.size() > 1 && action.config_path.starts_with('-'))
        refuse_option(action.config_path, names_of_run());
    if (action.runs_job() && action.config_path.empty()) throw ConfigError("no config is given", "", usage);
    return action;
}

/// A command that reads a config and runs nothing: its options are those of a run.
template <Action::Kind kind>
Action parse_with_config(Arguments arguments)
{
    auto action = parse_run(arguments);
    if (action.runs_job()) action.kind = kind;
    return action;
}

/// dist-infer version [--json]
Action parse_version(Arguments arguments)
{
    cxxopts::Options options{"dist-infer version"};
    add_option(options, "json", false);
    auto const words = split(options, arguments);
    refuse_left_over(words, arguments, {"json"});
    Action action;
    action.kind = words.options.empty() ? Action::Kind::version : Action::Kind::version_json;
    return action;
}

} // namespace

std::span<Command const> commands()
{
    static constexpr auto all = std::to_array<Command>({
        {"status", "CONFIG",
         "tell how far the output is: 0 complete, 8 with skipped rows, 75 a run goes on with it, else why it failed",
         parse_with_config<Action::Kind::status>},
        {"version", "[--json]", "print the version and the build", parse_version},
    });
    return all;
}

Action parse_cli(int argc, char const* const* argv)
{
    if (argc < 2) throw ConfigError("no config is given", "", usage);
    Arguments const arguments{argv, static_cast<std::size_t>(argc)};
    for (auto const& command : commands())
        if (command.name == arguments[1]) return command.parse(arguments.subspan(1));
    return parse_run(arguments);
}

} // namespace distinfer::config
