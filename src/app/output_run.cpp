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
        return attempt && attempt->text != sealed;
    }));
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
      done_(ledger::done_rows(earlier.contents.records)),
      attempts_(count_attempts(earlier.contents.records))
{
    begin_attempt();
}

OutputRun::~OutputRun()
{
    if (finished_ || done_.size() > 0 || (lock_ && lock_->is_lost())) return;
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

void OutputRun::record(std::span<RowRange const> rows)
{
    watch_.check();
    if (lock_) lock_->check();
    fail_point("commit: synced");
    std::vector<ledger::Record> records;
    for (auto const& range : rows) records.emplace_back(ledger::Done{range});
    ledger_.append(records);
    fail_point("commit: appended");
    ledger_.sync();
    fail_point("commit: recorded");
    for (auto const& range : rows) done_.add(range);
}

void OutputRun::finish(std::map<std::string, std::string> const& attributes)
{
    expects(done_.missing(file_.rows()).empty(), "every row to be recorded");
    if (lock_) lock_->check();
    fail_point("finish: begins");
    file_.seal(attributes);
    fail_point("finish: attributes are written");
    ledger::Record const record{ledger::Attempt{sealed}};
    ledger_.append({&record, 1});
    ledger_.sync();
    fail_point("finish: sealed");
    file_.publish();
    finished_ = true;
    fail_point("finish: published");
    ledger::remove_ledger(ledger_.path());
    fail_point("finish: ledger is gone");
}

} // namespace distinfer::app
