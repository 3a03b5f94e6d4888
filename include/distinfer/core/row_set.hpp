#pragma once

#include "distinfer/core/row_range.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace distinfer
{

/// A set of rows, kept as its sorted ranges; ranges that touch are one. Not thread-safe.
class RowSet
{
  public:
    /// Adds rows; those that are there already stay. O(log ranges), the ranges that it swallows paid for by those that
    /// brought them.
    void add(RowRange rows);

    /// Takes rows out; those that are not there are no matter. O(log ranges), and for each range that is cut.
    void remove(RowRange rows);

    /// Whether every one of these rows is in the set; no rows always are.
    bool contains(RowRange rows) const;

    /// What rows 0 .. total-1 lack, in order.
    std::vector<RowRange> missing(std::uint64_t total) const;

    /// The set itself, in order.
    std::vector<RowRange> ranges() const;

    /// Number of rows.
    std::uint64_t size() const noexcept { return size_; }

    bool operator==(RowSet const&) const = default;

  private:
    std::map<std::uint64_t, std::uint64_t> ends_; ///< first row of each range, and one past its last
    std::uint64_t size_ = 0;
};

} // namespace distinfer
