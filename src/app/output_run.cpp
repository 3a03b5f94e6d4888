#include "distinfer/app/output_run.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/fail_point.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/report/run_report.hpp"

#include <algorithm>
#include <filesystem>

namespace distinfer::app
{

namespace
{

ledger::Ledger begin_ledger(io::OutputFile& file, ledger::Fingerprint fingerprint, OutputFacts const& facts)
{
    auto ledger = ledger::Ledger::create(
        ledger::ledger_path(file.path()),
        {.fingerprint = std::move(fingerprint), .facts = encode(facts), .image = file.read_image()});
    // From here on a run that is killed is gone on with.
    file.keep();
    return ledger;
}

std::uint64_t count_attempts(std::vector<ledger::Record> const& records)
{
    return static_cast<std::uint64_t>(std::ranges::count_if(records, [](auto const& record) {
        auto const* attempt = std::get_if<ledger::Attempt>(&record);
        return attempt && !is_sealed(*attempt);
    }));
}

std::vector<RowRange> losses_in(std::vector<ledger::Record> const& records)
{
    std::vector<RowRange> losses;
    for (auto const& record : records)
        if (auto const* lost = std::get_if<ledger::Lost>(&record)) losses.push_back(lost->rows);
    return losses;
}

} // namespace

OutputRun::OutputRun(io::OutputFile file, ledger::Fingerprint fingerprint, OutputFacts const& facts, InputWatch watch)
    : file_(std::move(file)), ledger_(begin_ledger(file_, std::move(fingerprint), facts)), watch_(std::move(watch))
{
    begin_attempt();
}

OutputRun::OutputRun(io::OutputFile file, EarlierRun earlier, InputWatch watch)
    : file_(std::move(file)),
      ledger_(std::move(earlier.ledger)),
      watch_(std::move(watch)),
      rows_(std::move(earlier.rows)),
      losses_(losses_in(earlier.contents.records)),
      attempts_(count_attempts(earlier.contents.records))
{
    begin_attempt();
}

OutputRun::~OutputRun()
{
    if (finished_ || attempts_ > 1 || rows_.done.size() > 0 || (lock_ && lock_->is_lost())) return;
    try {
        ledger::remove_ledger(ledger_.path());
        std::filesystem::remove(io::part_path(file_.path()));
    } catch (std::exception const& error) {
        log::warning(std::string{"cannot clean up: "} + error.what());
    }
}

void OutputRun::begin_attempt()
{
    ledger::Record const record{ledger::Attempt{R"({"event":"begun","at":")" + report::utc_now() + "\"}"}};
    ledger_.append({&record, 1});
    ledger_.sync();
    ++attempts_;
}

std::vector<BadRow> OutputRun::bad_rows(std::uint64_t most) const
{
    std::lock_guard const lock{ledger_mutex_};
    std::vector<BadRow> found;
    for (auto const& [row, reason] : rows_.bad) {
        if (found.size() == most) break;
        found.push_back({row, reason});
    }
    return found;
}

void OutputRun::record(std::span<RowRange const> rows, std::span<BadRow const> bad)
{
    watch_.check();
    if (lock_) lock_->check();
    if (rows_.bad.size() + bad.size() > most_bad_rows)
        throw ModelError("more than " + std::to_string(most_bad_rows) + " rows are bad",
                         "the last is row " + std::to_string(bad.back().row) + ": " + bad.back().reason,
                         "see whether the model fits the data");
    fail_point("commit: synced");
    auto const records = ledger::records_of(rows, bad);
    std::lock_guard const lock{ledger_mutex_};
    ledger_.append(records);
    fail_point("commit: appended");
    ledger_.sync();
    fail_point("commit: recorded");
    for (auto const& one : records) rows_.take(one);
}

/// A loss that is not durable yet is durable with the next commit.
void OutputRun::note_loss(RowRange rows)
{
    ledger::Record const record{ledger::Lost{rows}};
    std::lock_guard const lock{ledger_mutex_};
    ledger_.append({&record, 1});
}

void OutputRun::finish(std::map<std::string, std::string> const& attributes, bool lists_bad_rows)
{
    expects(rows_.done.missing(file_.rows()).empty(), "every row to be recorded");
    if (lock_) lock_->check();
    fail_point("finish: begins");
    auto const bad = bad_rows(most_bad_rows);
    file_.seal(attributes, bad.empty() && !lists_bad_rows ? std::nullopt : std::optional{bad});
    fail_point("finish: attributes are written");
    ledger::Record const record{sealed(std::filesystem::file_size(io::part_path(file_.path())))};
    ledger_.append({&record, 1});
    ledger_.sync();
    fail_point("finish: sealed");
    file_.publish();
    finished_ = true;
    fail_point("finish: published");
    if (!bad.empty()) return;
    ledger::remove_ledger(ledger_.path());
    fail_point("finish: ledger is gone");
}

} // namespace distinfer::app
