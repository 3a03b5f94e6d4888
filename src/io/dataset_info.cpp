#include "distinfer/io/dataset_info.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"

#include <utility>

namespace distinfer::io
{

namespace
{

constexpr std::size_t max_axes = 8;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 60; ///< more than any file system takes

} // namespace

DatasetInfo make_dataset_info(DType dtype, std::vector<std::uint64_t> const& extents, std::string const& where)
{
    auto const problem = "cannot use " + where;
    if (extents.empty()) throw InputError(problem, "it is a single value", "inputs need an axis of rows: [rows, ...]");
    if (extents.size() > max_axes)
        throw InputError(problem, "it has " + std::to_string(extents.size()) + " axes",
                         "use at most " + std::to_string(max_axes));
    DatasetInfo info{.spec = {.dtype = dtype}, .rows = extents.front()};
    for (auto i = extents.begin() + 1; i != extents.end(); ++i) {
        if (!std::in_range<std::int64_t>(*i)) throw InputError(problem, "an axis is absurdly long");
        info.spec.row_shape.push_back(static_cast<std::int64_t>(*i));
    }
    try {
        auto const bytes = checked_product(row_bytes(info.spec), info.rows);
        if (bytes && *bytes <= most_bytes) return info;
    } catch (InputError const& error) {
        throw InputError(problem, error.what());
    }
    throw InputError(problem, "it is absurdly large: " + to_string(info.spec, info.rows), "copy or write it again");
}

void refuse_type(std::string const& where, std::string_view what)
{
    std::string known;
    for (auto const name : dtype_names()) known.append(known.empty() ? "" : ", ").append(name);
    throw InputError("cannot use " + where, "it holds " + std::string{what}, "store it as one of " + known);
}

} // namespace distinfer::io
