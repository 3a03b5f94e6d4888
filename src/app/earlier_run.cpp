#include "distinfer/app/earlier_run.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/fail_point.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/output_path.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace distinfer::app
{

namespace
{

constexpr std::string_view seal = R"({"event":"sealed","bytes":)";

std::uint64_t bytes_in(ledger::Attempt const& attempt)
{
    auto const& text = attempt.text;
    std::uint64_t bytes = 0;
    std::from_chars(text.data() + seal.size(), text.data() + text.size(), bytes);
    return bytes;
}

[[noreturn]] void fail_to_require(std::string const& output, std::string const& why)
{
    throw OutputError("there is no earlier run of " + output + " to go on with", why,
                      "start one with run.resume: auto");
}

} // namespace

ledger::Attempt sealed(std::uint64_t bytes)
{
    return {std::string{seal} + std::to_string(bytes) + "}"};
}

bool is_sealed(ledger::Attempt const& attempt)
{
    return attempt.text.starts_with(seal);
}

Sealed sealed_in(ledger::Contents const& contents)
{
    Sealed sealed;
    for (auto const& record : contents.records) {
        auto const* attempt = std::get_if<ledger::Attempt>(&record);
        if (attempt && is_sealed(*attempt)) sealed = {bytes_in(*attempt), false};
        if (std::holds_alternative<ledger::Retry>(record)) sealed.taken_back = sealed.bytes.has_value();
    }
    return sealed;
}

bool is_there(std::string const& output, Sealed const& sealed)
{
    std::error_code error;
    auto const bytes = std::filesystem::file_size(output, error);
    return !error && sealed.bytes == bytes;
}

std::optional<EarlierRun> find_earlier_run(std::string const& output, Wanted const& wanted)
{
    auto const path = ledger::ledger_path(output);
    if (wanted.resume == config::Resume::never) return std::nullopt;
    auto opened = ledger::Ledger::open(path);
    if (!opened) {
        if (wanted.resume == config::Resume::require) fail_to_require(output, path + " does not exist");
        return std::nullopt;
    }
    bool const has_part = std::filesystem::exists(io::part_path(output));
    auto const sealed = sealed_in(opened->contents);
    bool const is_at_its_path = !has_part && is_there(output, sealed);
    if (!has_part && !is_at_its_path) {
        auto const why = io::part_path(output) + " is gone";
        if (wanted.resume == config::Resume::require) fail_to_require(output, why);
        log::warning("an earlier run left " + path + ", but " + why + "; starting anew");
        return std::nullopt;
    }
    auto facts = decode_output_facts(opened->contents.header.facts);
    auto rows = ledger::rows_in(opened->contents.records);
    EarlierRun earlier{std::move(opened->ledger), std::move(opened->contents),          std::move(facts),
                       std::move(rows),           is_at_its_path && !sealed.taken_back, is_at_its_path};
    if (!earlier.waits_for_retry() || wanted.retry_bad || !wanted.overwrite) return earlier;
    return std::nullopt;
}

void remove_leftovers(std::string const& output)
{
    ledger::remove_ledger(ledger::ledger_path(output));
    std::error_code ignored; // a part that stays is replaced by the next
    std::filesystem::remove(io::part_path(output), ignored);
}

void refuse_to_begin(std::string const& output, EarlierRun const& earlier)
{
    auto const& [row, reason] = *earlier.rows.bad.begin();
    throw Error(ExitCode::skipped,
                error_message(output + " is complete, with " + std::to_string(earlier.rows.bad.size()) + " of " +
                                  std::to_string(earlier.facts.rows) + " rows skipped",
                              "the first is row " + std::to_string(row) + ": " + reason,
                              "--retry-bad runs them again, output.if_exists: overwrite runs all"));
}

void take_back(std::string const& output, EarlierRun& earlier, bool retry_bad)
{
    if (retry_bad && !earlier.rows.bad.empty()) {
        ledger::Record const record{ledger::Retry{}};
        earlier.ledger.append({&record, 1});
        earlier.ledger.sync();
        earlier.rows.take(record);
        fail_point("retry: recorded");
    }
    if (!earlier.is_at_its_path) return;
    auto const part = io::part_path(output);
    if (std::rename(output.c_str(), part.c_str()) != 0)
        throw OutputError("cannot rename " + output + " to " + part, std::strerror(errno));
    file::sync_folder_of(output);
    fail_point("retry: taken back");
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
