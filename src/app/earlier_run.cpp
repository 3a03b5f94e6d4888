#include "distinfer/app/earlier_run.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/io/output_path.hpp"

#include <algorithm>
#include <filesystem>

namespace distinfer::app
{

namespace
{

void remove_leftovers(std::string const& output)
{
    ledger::remove_ledger(ledger::ledger_path(output));
    std::error_code ignored; // a part that stays is replaced by the next
    std::filesystem::remove(io::part_path(output), ignored);
}

[[noreturn]] void fail_to_require(std::string const& output, std::string const& why)
{
    throw OutputError("there is no earlier run of " + output + " to go on with", why,
                      "start one with run.resume: auto");
}

} // namespace

bool is_sealed(ledger::Contents const& contents)
{
    return std::ranges::any_of(contents.records, [](auto const& record) {
        auto const* attempt = std::get_if<ledger::Attempt>(&record);
        return attempt && attempt->text == sealed;
    });
}

std::optional<EarlierRun> find_earlier_run(std::string const& output, config::Resume mode)
{
    auto const path = ledger::ledger_path(output);
    if (mode == config::Resume::never) {
        remove_leftovers(output);
        return std::nullopt;
    }
    auto opened = ledger::Ledger::open(path);
    if (!opened) {
        if (mode == config::Resume::require) fail_to_require(output, path + " does not exist");
        return std::nullopt;
    }
    bool const has_part = std::filesystem::exists(io::part_path(output));
    bool const published = !has_part && is_sealed(opened->contents) && std::filesystem::exists(output);
    if (!has_part && !published) {
        auto const why = io::part_path(output) + " is gone";
        if (mode == config::Resume::require) fail_to_require(output, why);
        log::warning("an earlier run left " + path + ", but " + why + "; starting anew");
        remove_leftovers(output);
        return std::nullopt;
    }
    auto facts = decode_output_facts(opened->contents.header.facts);
    return EarlierRun{std::move(opened->ledger), std::move(opened->contents), std::move(facts), published};
}

void require_same_job(std::string const& output, ledger::Fingerprint const& ours, EarlierRun const& earlier)
{
    auto const difference = ledger::compare(ours, earlier.contents.header.fingerprint);
    if (!difference) return;
    auto const text = [](std::optional<std::string> const& value) { return value ? "'" + *value + "'" : "not set"; };
    throw OutputError("cannot go on with " + output,
                      difference->name + " was " + text(difference->theirs) + " when it was begun, and is " +
                          text(difference->ours),
                      "set it back, or start anew with run.resume: never");
}

} // namespace distinfer::app
