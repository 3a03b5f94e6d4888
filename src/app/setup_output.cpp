// What Setup does with the output and what earlier runs have left of it.
#include "distinfer/app/agree.hpp"
#include "distinfer/app/fingerprint.hpp"
#include "distinfer/app/setup.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/device/host.hpp"
#include "distinfer/file/file.hpp"

#include <algorithm>
#include <filesystem>

namespace distinfer::app
{

namespace
{

bool overwrites(config::Config const& config)
{
    return config.output.if_exists == config::IfExists::overwrite;
}

bool has_several_hosts(std::vector<report::RankReport> const& ranks)
{
    return std::ranges::any_of(ranks, [&](auto const& rank) { return rank.host != ranks.front().host; });
}

io::LockOwner lock_owner(std::string const& output)
{
    return {.host = device::host_name(),
            .boot = io::boot_of_host(),
            .job = config::process_environment()("SLURM_JOB_ID").value_or(""),
            .shares_folder = io::is_shared(output)};
}

} // namespace

/// Survivors go on with what they have begun, whatever run.resume said before.
void Setup::look_for_earlier_run()
{
    auto const& output = config_.output.file;
    earlier_ = find_earlier_run(output, takeover_.begun ? Wanted{.retry_bad = retry_bad_}
                                                        : Wanted{config_.run.resume, overwrites(config_), retry_bad_});
    if (earlier_ && earlier_->waits_for_retry() && !retry_bad_) {
        report_.rows_stored = earlier_->facts.rows;
        report_.rows_skipped = earlier_->rows.bad.size();
        refuse_to_begin(output, *earlier_);
    }
    complete_ = earlier_ ? earlier_->is_complete() : takeover_.was_ending && std::filesystem::exists(output);
    if (retry_bad_ && !earlier_ && !complete_ && std::filesystem::exists(output))
        throw OutputError("--retry-bad has nothing to run again", "there is no " + ledger::ledger_path(output),
                          "it is kept beside an output with skipped rows until it is deleted");
    bool const is_ours = earlier_ && earlier_->is_at_its_path;
    if (!complete_) return io::check_output_path(output, overwrites(config_) || is_ours);
    report_.rows = report_.rows_stored = report_.rows_resumed = earlier_ ? earlier_->facts.rows : takeover_.rows;
    if (!earlier_) return;
    // The run that gave the output its name may have been killed before that was durable.
    file::sync_folder_of(output);
    ledger::remove_ledger(earlier_->ledger.path());
}

/// A report belongs to an output: where that is refused, the report of the job that made it stays as it is.
void Setup::check_output_path()
{
    agree_on_root(communicator_, [&] {
        auto const& output = config_.output.file;
        io::check_output_path(output, true);
        lock_.emplace(output, lock_owner(output));
        look_for_earlier_run();
    });
    complete_ = !broadcast_text(communicator_, complete_ ? "complete" : "").empty();
    report_.folder = config_.report.dir;
    report_.output_file = config_.output.file;
}

void Setup::check_earlier_run()
{
    agree_on_root(communicator_, [&] {
        fingerprint_ = fingerprint(config_, {.model_sha256 = report_.model_sha256,
                                             .device = device_.substr(0, device_.find(':')),
                                             .libtorch = report::build_info().libtorch,
                                             .threads = report_.threads,
                                             .batch = report_.batch,
                                             .libraries_sha256 = libraries_sha256_});
        for (auto& field : watch_->fields()) fingerprint_.push_back(std::move(field));
        if (earlier_) require_same_job(config_.output.file, fingerprint_, *earlier_);
    });
}

/// Batches that have a row which no earlier run has recorded, or which is to be run again; the same on every rank.
std::vector<RowRange> Setup::rows_left()
{
    ledger::Rows rows;
    if (earlier_) rows = earlier_->rows;
    if (retry_bad_) rows.take(ledger::Retry{});
    auto const left = plan::whole_batches({report_.rows, report_.batch}, rows.done.missing(report_.rows));
    return decode_ranges(broadcast_text(communicator_, encode(left)));
}

void Setup::create_output()
{
    std::string placed;
    agree_on_root(communicator_, [&] {
        if (job_->direct_write && has_several_hosts(report_.ranks) && io::is_incoherent(config_.output.file))
            throw OutputError("hosts cannot write " + config_.output.file + " together",
                              "it is on NFS, where one host may undo what another wrote beside it",
                              "use output.write: gather, or a parallel file system");
        begin_output();
        output_run_->guard_with(*lock_);
        placed = encode(output_run_->file().datasets());
    });
    placed = broadcast_text(communicator_, std::move(placed));
    agree(communicator_, [&] {
        if (writes_here() && !communicator_.is_root())
            output_.emplace(io::OutputFile::join(config_.output.file, report_.rows, decode_placed_datasets(placed)));
        if (writes_here()) sink_.emplace(output_run_ ? output_run_->file() : *output_, job_->outputs);
    });
    takeover_.begun = true;
}

void Setup::begin_output()
{
    auto const& path = config_.output.file;
    if (earlier_) {
        take_back(path, *earlier_, retry_bad_);
        auto const facts = earlier_->facts;
        auto const image = std::move(earlier_->contents.header.image);
        auto file = io::OutputFile::go_on(path, facts.rows, facts.datasets, overwrites(config_), image);
        output_run_.emplace(std::move(file), std::move(*earlier_), std::move(*watch_));
        log::info("going on with " + path + ": " + std::to_string(report_.rows_resumed) + " of " +
                  std::to_string(facts.rows) + " rows are done");
        return;
    }
    remove_leftovers(path);
    auto file = io::OutputFile::create(path, report_.rows, report_.outputs, overwrites(config_), passthrough_);
    OutputFacts const facts{report_.rows, report_.threads, report_.batch, file.datasets()};
    output_run_.emplace(std::move(file), std::move(fingerprint_), facts, std::move(*watch_));
}

} // namespace distinfer::app
