#include "distinfer/ledger/record.hpp"

namespace distinfer::ledger
{

RowSet done_rows(std::span<Record const> records)
{
    RowSet rows;
    for (auto const& record : records)
        if (auto const* const done = std::get_if<Done>(&record)) rows.add(done->rows);
    return rows;
}

} // namespace distinfer::ledger
