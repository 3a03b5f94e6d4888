#pragma once

#include "distinfer/core/bad_row.hpp"
#include "distinfer/core/row_range.hpp"
#include "distinfer/core/row_set.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace distinfer::ledger
{

/// The results of these rows are in the output, durably.
struct Done
{
    RowRange rows;

    bool operator==(Done const&) const = default;
};

/// A job began, or ended: what the app tells of it, as text.
struct Attempt
{
    std::string text;

    bool operator==(Attempt const&) const = default;
};

/// The row's fill value is in the output, durably.
using distinfer::BadRow;

/// A rank died while it had these rows.
struct Lost
{
    RowRange rows;

    bool operator==(Lost const&) const = default;
};

/// The rows that are bad so far are to be run again: they are not in the output any more, and it is not sealed.
struct Retry
{
    bool operator==(Retry const&) const = default;
};

using Record = std::variant<Done, Attempt, BadRow, Lost, Retry>;

/// What records say of the rows, the last one of a row being the one that counts.
struct Rows
{
    RowSet done;                              ///< in the output, bad ones included
    std::map<std::uint64_t, std::string> bad; ///< rows that hold the fill value, and why

    /// What a record changes.
    void take(Record const& record);

    bool operator==(Rows const&) const = default;
};

Rows rows_in(std::span<Record const> records);

/// The records of rows that have become durable. Each says of its rows all that there is to know, so a torn end leaves
/// no bad row that passes for a good one.
/// @param bad in order, within the rows
std::vector<Record> records_of(std::span<RowRange const> rows, std::span<BadRow const> bad);

} // namespace distinfer::ledger
