#include "matching.hpp"

#include "distinfer/core/narrow.hpp"

#include <compare>
#include <cstdint>
#include <limits>

namespace distinfer::plan
{

namespace
{

/// What decides first stands first. Any sums may be compared, which is all that the method below needs.
struct Cost
{
    std::int64_t left_out = 0; ///< left-hand sides that get nothing
    std::int64_t given = 0;    ///< the caller's cost
    std::int64_t position = 0; ///< the earlier of right-hand sides that cost the same
    std::int64_t apart = 0;    ///< squared: the earlier get the earlier

    auto operator<=>(Cost const&) const = default;

    Cost& operator+=(Cost const& other)
    {
        left_out += other.left_out;
        given += other.given;
        position += other.position;
        apart += other.apart;
        return *this;
    }

    Cost& operator-=(Cost const& other)
    {
        return *this += {-other.left_out, -other.given, -other.position, -other.apart};
    }
};

constexpr Cost infinite{.left_out = std::numeric_limits<std::int64_t>::max()};

/// The Hungarian method, row by row: each new row takes the cheapest path of exchanges with those before it. Row 0 and
/// column 0 stand for none.
class Hungarian
{
  public:
    Hungarian(Costs const& costs, std::size_t capacity)
        : costs_(costs),
          slots_(costs.empty() ? 0 : costs.front().size() * capacity),
          columns_(slots_ + costs.size()),
          row_price_(costs.size() + 1),
          column_price_(columns_ + 1),
          row_of_(columns_ + 1)
    {
        for (std::size_t row = 1; row <= costs.size(); ++row) add(row);
    }

    std::vector<std::optional<std::size_t>> matched() const
    {
        std::vector<std::optional<std::size_t>> found(costs_.size());
        for (std::size_t column = 1; column <= slots_; ++column)
            if (auto const row = row_of_[column]; row > 0) found[row - 1] = (column - 1) % costs_.front().size();
        return found;
    }

  private:
    /// A column beyond the slots means nothing; there is one for each row.
    Cost cost(std::size_t row, std::size_t column) const
    {
        if (column > slots_) return {.left_out = 1};
        auto const given = costs_[row - 1][(column - 1) % costs_.front().size()];
        if (!given) return {.left_out = 2};
        auto const apart = narrow<std::int64_t>(row) - narrow<std::int64_t>(column);
        return {.given = *given, .position = narrow<std::int64_t>(column), .apart = apart * apart};
    }

    void add(std::size_t row)
    {
        std::vector<Cost> slack(columns_ + 1, infinite);
        std::vector<std::size_t> before(columns_ + 1);
        std::vector<bool> visited(columns_ + 1);
        std::size_t column = 0;
        row_of_[0] = row;
        do {
            visited[column] = true;
            column = nearest(column, slack, before, visited);
        } while (row_of_[column] != 0);
        for (; column != 0; column = before[column]) row_of_[column] = row_of_[before[column]];
    }

    /// The column that is cheapest to go on to, with prices changed so that the way to it costs nothing.
    std::size_t nearest(std::size_t from, std::vector<Cost>& slack, std::vector<std::size_t>& before,
                        std::vector<bool> const& visited)
    {
        auto const row = row_of_[from];
        std::size_t next = 0;
        slack[0] = infinite;
        for (std::size_t column = 1; column <= columns_; ++column) {
            if (visited[column]) continue;
            auto here = cost(row, column);
            here -= row_price_[row];
            here -= column_price_[column];
            if (here < slack[column]) {
                slack[column] = here;
                before[column] = from;
            }
            if (slack[column] < slack[next]) next = column;
        }
        auto const change = slack[next];
        for (std::size_t column = 0; column <= columns_; ++column) {
            if (visited[column]) {
                row_price_[row_of_[column]] += change;
                column_price_[column] -= change;
            } else {
                slack[column] -= change;
            }
        }
        return next;
    }

    Costs const& costs_;
    std::size_t slots_;
    std::size_t columns_;
    std::vector<Cost> row_price_;
    std::vector<Cost> column_price_;
    std::vector<std::size_t> row_of_; ///< by column
};

} // namespace

std::vector<std::optional<std::size_t>> match(Costs const& costs, int capacity)
{
    return Hungarian{costs, narrow<std::size_t>(capacity)}.matched();
}

} // namespace distinfer::plan
