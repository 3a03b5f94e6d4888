#include "scaling/options.hpp"

#include "distinfer/core/error.hpp"

#include <cxxopts.hpp>

#include <algorithm>
#include <array>
#include <iostream>
#include <sstream>

namespace distinfer::scaling
{

namespace
{

constexpr auto description =
    R"(scaling_bench: many ranks, simulated; and how fast root hands windows out, measured. Prints JSON.

  --part all      the rates and the sweep
  --part rates    what root's dispatcher and root's loop do in real time
  --part sweep    two works over 8, 16, ... ranks, scatter and direct, and where each mode ends
  --part case     one job of --hosts times --ranks-per-host ranks, from the options of a job below

Bandwidths are in bytes per second, times in seconds. A run over links of 200 Mbit/s, three hosts of one core each:

  scaling_bench --part case --hosts 3 --ranks-per-host 1 --link-out 25e6 --reader 1e9 --writer 1e9 --file-system 1e12
      --storage-over-link=false --rows 6400 --row-in 12288 --row-out 40 --batch 64 --batch-seconds 0.1
)";

constexpr auto see_help = "scaling_bench --help tells the options";

/// An option that is a number, and where it goes: one of the three pointers.
struct NumberOption
{
    char const* name = nullptr;
    char const* help = nullptr;
    double Machine::*machine = nullptr;
    double Work::*seconds = nullptr;
    std::uint64_t Work::*count = nullptr;
};

constexpr std::array number_options{
    NumberOption{"link-out", "what a host sends", &Machine::link_out},
    NumberOption{"link-in", "what a host receives", &Machine::link_in},
    NumberOption{"memory", "between ranks of a host", &Machine::memory},
    NumberOption{"latency", "of a message", &Machine::latency},
    NumberOption{"reader", "one thread that reads", &Machine::reader},
    NumberOption{"writer", "one thread that writes", &Machine::writer},
    NumberOption{"file-system", "all that read and write, together", &Machine::file_system},
    NumberOption{"storage-latency", "before the first byte of a read or write", &Machine::storage_latency},
    NumberOption{"message", "for a note or transfer, of the thread that calls MPI; the sweep takes what was measured",
                 &Machine::message},
    NumberOption{"batch-seconds", "a job: a batch in the model", nullptr, &Work::batch_seconds},
    NumberOption{"batch-spread", "a job: standard deviation of its logarithm", nullptr, &Work::batch_spread},
    NumberOption{"rank-spread", "a job: of the logarithm of a rank's speed", nullptr, &Work::rank_spread},
    NumberOption{"straggler-share", "a job: batches that are held up", nullptr, &Work::straggler_share},
    NumberOption{"straggler-factor", "a job: how many times as long they take", nullptr, &Work::straggler_factor},
    NumberOption{"rows", "a job: rows", nullptr, nullptr, &Work::rows},
    NumberOption{"row-in", "a job: bytes of a row of input", nullptr, nullptr, &Work::row_in},
    NumberOption{"row-out", "a job: bytes of a row of output", nullptr, nullptr, &Work::row_out},
    NumberOption{"batch", "a job: rows of a batch", nullptr, nullptr, &Work::batch},
    NumberOption{"window", "a job: bytes that a window aims at", nullptr, nullptr, &Work::window},
    NumberOption{"seed", "a job: of its random numbers", nullptr, nullptr, &Work::seed},
};

template <class Number>
std::string text(Number number)
{
    std::ostringstream stream;
    stream << number;
    return stream.str();
}

std::string default_of(NumberOption const& option, Case const& job)
{
    if (option.machine) return text(job.machine.*option.machine);
    return option.seconds ? text(job.work.*option.seconds) : text(job.work.*option.count);
}

cxxopts::Options declare(Options const& defaults)
{
    cxxopts::Options options{"scaling_bench", description};
    auto add = options.add_options();
    auto const number = [&](char const* name, char const* help, std::string const& value) {
        add(name, help, cxxopts::value<double>()->default_value(value));
    };
    add("help", "this text");
    add("part", "all, rates, sweep or case", cxxopts::value<std::string>()->default_value(defaults.part));
    number("max-ranks", "of the rates and the sweep", text(defaults.max_ranks));
    number("windows", "of a rank, in the sweep", text(defaults.windows_per_rank));
    number("hosts", "a job: hosts", "1");
    number("ranks-per-host", "ranks of a host", text(defaults.job.machine.ranks_per_host));
    number("credits", "a job: run.credits", text(defaults.job.slots - 1));
    add("schedule", "a job: dynamic or static", cxxopts::value<std::string>()->default_value("dynamic"));
    add("read", "a job: scatter or direct", cxxopts::value<std::string>()->default_value("scatter"));
    add("write", "a job: gather or direct", cxxopts::value<std::string>()->default_value("gather"));
    add("storage-over-link", "reading and writing take a host's link",
        cxxopts::value<bool>()->default_value(defaults.job.machine.storage_over_link ? "true" : "false"));
    for (auto const& option : number_options) number(option.name, option.help, default_of(option, defaults.job));
    return options;
}

/// One of the given words. @throws ConfigError
std::string choice(cxxopts::ParseResult const& parsed, std::string const& name, std::vector<std::string> const& words)
{
    auto const word = parsed[name].as<std::string>();
    if (std::find(words.begin(), words.end(), word) == words.end())
        throw ConfigError("--" + name + " cannot be '" + word + "'", "", see_help);
    return word;
}

/// A number that counts something. @throws ConfigError
template <class Integer>
Integer count(cxxopts::ParseResult const& parsed, std::string const& name, double least)
{
    auto const number = parsed[name].as<double>();
    if (!(number >= least && number <= 1e15 && number == static_cast<double>(static_cast<std::int64_t>(number))))
        throw ConfigError("--" + name + " is no count from " + text(least) + " on", text(number),
                          "give a whole number");
    return static_cast<Integer>(number);
}

void set_number(cxxopts::ParseResult const& parsed, NumberOption const& option, Case& job)
{
    if (option.count) {
        job.work.*option.count = count<std::uint64_t>(parsed, option.name, option.count == &Work::batch ? 1 : 0);
        return;
    }
    auto const number = parsed[option.name].as<double>();
    if (!(number >= 0))
        throw ConfigError(std::string{"--"} + option.name + " is below zero", text(number), "give a number from 0 on");
    if (option.machine)
        job.machine.*option.machine = number;
    else
        job.work.*option.seconds = number;
}

Options read(cxxopts::ParseResult const& parsed)
{
    Options options;
    options.part = choice(parsed, "part", {"all", "rates", "sweep", "case"});
    options.max_ranks = count<int>(parsed, "max-ranks", 1);
    options.windows_per_rank = count<std::uint64_t>(parsed, "windows", 1);
    options.message_given = parsed.count("message") > 0;
    auto& job = options.job;
    job.machine.ranks_per_host = count<int>(parsed, "ranks-per-host", 1);
    job.machine.storage_over_link = parsed["storage-over-link"].as<bool>();
    job.ranks = count<int>(parsed, "hosts", 1) * job.machine.ranks_per_host;
    job.slots = count<int>(parsed, "credits", 0) + 1;
    bool const dynamic = choice(parsed, "schedule", {"dynamic", "static"}) == "dynamic";
    job.schedule = dynamic ? plan::Schedule::dynamic : plan::Schedule::static_blocks;
    job.direct_read = choice(parsed, "read", {"scatter", "direct"}) == "direct";
    job.direct_write = choice(parsed, "write", {"gather", "direct"}) == "direct";
    for (auto const& option : number_options) set_number(parsed, option, job);
    return options;
}

/// @throws ConfigError
cxxopts::ParseResult parse(cxxopts::Options& options, int count, char const* const* words)
{
    try {
        return options.parse(count, words);
    } catch (std::exception const& error) {
        throw ConfigError("the command line cannot be read", error.what(), see_help);
    }
}

} // namespace

std::optional<Options> parse_options(int count, char const* const* words)
{
    auto options = declare({});
    auto const parsed = parse(options, count, words);
    if (!parsed.unmatched().empty()) throw ConfigError("unknown word", parsed.unmatched().front(), see_help);
    if (parsed.count("help") == 0) return read(parsed);
    std::cout << options.help();
    return std::nullopt;
}

} // namespace distinfer::scaling
