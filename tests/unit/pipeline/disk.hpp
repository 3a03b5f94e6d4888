#pragma once

#include "distinfer/core/error.hpp"
#include "distinfer/core/journal.hpp"
#include "distinfer/core/row_set.hpp"
#include "support/fakes.hpp"

#include <mutex>
#include <vector>

namespace distinfer::test
{

/// Which rows are durable, and which are recorded.
struct Disk
{
    std::mutex mutex;
    RowSet durable;
    RowSet recorded;
    int recorded_too_early = 0;
    int recorded_twice = 0;
    std::vector<RowRange> losses;
};

/// A rank's way to the disk: what it stores is durable after its own sync, and only after that.
class RankSink : public Sink
{
  public:
    RankSink(MemorySink& memory, Disk& disk) : memory_(memory), disk_(disk) {}

    void store(RowRange range, std::span<std::byte const> window) override
    {
        std::lock_guard const lock{disk_.mutex};
        memory_.store(range, window);
        written_.push_back(range);
    }

    void sync() override
    {
        std::lock_guard const lock{disk_.mutex};
        for (auto const& range : written_) disk_.durable.add(range);
        written_.clear();
    }

  private:
    MemorySink& memory_;
    Disk& disk_;
    std::vector<RowRange> written_;
};

class DiskJournal : public Journal
{
  public:
    explicit DiskJournal(Disk& disk, bool fails = false) : disk_(disk), fails_(fails) {}

    void record(std::span<RowRange const> ranges, std::span<BadRow const>) override
    {
        std::lock_guard const lock{disk_.mutex};
        if (fails_) throw OutputError("the disk is full");
        for (auto const& range : ranges) {
            if (!disk_.durable.contains(range)) ++disk_.recorded_too_early;
            auto const before = disk_.recorded.size();
            disk_.recorded.add(range);
            if (disk_.recorded.size() != before + range.size()) ++disk_.recorded_twice;
        }
    }

    void note_loss(RowRange range) override
    {
        std::lock_guard const lock{disk_.mutex};
        disk_.losses.push_back(range);
    }

  private:
    Disk& disk_;
    bool fails_;
};

} // namespace distinfer::test
