#include "distinfer/ledger/record.hpp"

#include "distinfer/core/check.hpp"

namespace distinfer::ledger
{

namespace
{

void apply(Rows& rows, Done const& done)
{
    rows.done.add(done.rows);
    rows.bad.erase(rows.bad.lower_bound(done.rows.begin), rows.bad.lower_bound(done.rows.end));
}

void apply(Rows& rows, BadRow const& bad)
{
    if (bad.row == UINT64_MAX) return; // no dataset has it, and it has no end
    rows.done.add({bad.row, bad.row + 1});
    rows.bad.insert_or_assign(bad.row, bad.reason);
}

void apply(Rows& rows, Retry const&)
{
    for (auto const& [row, reason] : rows.bad) rows.done.remove({row, row + 1});
    rows.bad.clear();
}

void apply(Rows&, Attempt const&) {}
void apply(Rows&, Lost const&) {}

} // namespace

void Rows::take(Record const& record)
{
    std::visit([&](auto const& one) { apply(*this, one); }, record);
}

Rows rows_in(std::span<Record const> records)
{
    Rows rows;
    for (auto const& record : records) rows.take(record);
    return rows;
}

std::vector<Record> records_of(std::span<RowRange const> rows, std::span<BadRow const> bad)
{
    std::vector<Record> records;
    auto next = bad.begin();
    for (auto [begin, end] : rows) {
        for (; next != bad.end() && next->row < end; ++next) {
            expects(next->row >= begin, "bad rows in order, within the rows");
            if (begin < next->row) records.emplace_back(Done{{begin, next->row}});
            records.emplace_back(*next);
            begin = next->row + 1;
        }
        if (begin < end) records.emplace_back(Done{{begin, end}});
    }
    expects(next == bad.end(), "bad rows in order, within the rows");
    return records;
}

} // namespace distinfer::ledger
