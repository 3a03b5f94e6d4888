#pragma once

#include "distinfer/core/row_range.hpp"
#include "distinfer/core/row_set.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace distinfer::ledger
{

/// These rows are in the output, durably.
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

/// A row that the model could not be run on.
struct BadRow
{
    std::uint64_t row = 0;
    std::string reason;

    bool operator==(BadRow const&) const = default;
};

/// A rank died while it had these rows.
struct Lost
{
    RowRange rows;

    bool operator==(Lost const&) const = default;
};

using Record = std::variant<Done, Attempt, BadRow, Lost>;

/// The rows that the records say are done.
RowSet done_rows(std::span<Record const> records);

} // namespace distinfer::ledger
