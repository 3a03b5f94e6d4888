#include "distinfer/io/hdf5_source.hpp"

#include "distinfer/core/check.hpp"
#include "hdf5_dataset.hpp"
#include "hdf5_file.hpp"
#include "hdf5_filters.hpp"
#include "hdf5_types.hpp"

#include <algorithm>

namespace distinfer::io
{

namespace
{

struct Column
{
    std::string name;
    OpenDataset dataset;
    Hid memory_type;
};

std::vector<Column> open_columns(std::string const& file, std::vector<std::string> const& names)
{
    QuietErrors const quiet;
    auto const opened = open_input_file(file);
    if (names.empty())
        throw InputError("no dataset of " + file + " is named", "", "name one for each input of the model");
    std::vector<Column> columns;
    for (auto const& name : names) {
        auto dataset = open_dataset(opened.get(), file, name);
        auto type = native_type(dataset.info.spec.dtype);
        columns.push_back({name, std::move(dataset), std::move(type)});
    }
    return columns;
}

std::uint64_t common_rows(std::vector<Column> const& columns, std::string const& file)
{
    auto const rows = columns.front().dataset.info.rows;
    bool const same = std::all_of(columns.begin(), columns.end(),
                                  [&](Column const& column) { return column.dataset.info.rows == rows; });
    if (same) return rows;
    std::string lengths;
    for (auto const& column : columns) {
        lengths.append(lengths.empty() ? "" : ", ").append(column.name).append(": ");
        lengths.append(std::to_string(column.dataset.info.rows)).append(" rows");
    }
    throw InputError("the datasets of " + file + " differ in length along axis 0", lengths,
                     "every input needs the same rows");
}

PayloadLayout layout_of(std::vector<Column> const& columns)
{
    std::vector<TensorSpec> specs;
    for (auto const& column : columns) specs.push_back(column.dataset.info.spec);
    return PayloadLayout{std::move(specs)};
}

/// Counts of the rows of one dataset, from the rows' axis on.
std::vector<hsize_t> counts_of(TensorSpec const& spec, std::uint64_t rows)
{
    std::vector<hsize_t> counts{rows};
    for (auto const extent : spec.row_shape) counts.push_back(static_cast<hsize_t>(extent));
    return counts;
}

[[noreturn]] void fail_to_read(Column const& column, RowRange rows, std::string const& file)
{
    auto const reason = last_reason();
    auto const problem = "cannot read " + to_string(rows) + " of " + column.name + " in " + file;
    auto const filter = missing_filter(column.dataset.id.get());
    if (filter.empty())
        throw InputError(problem, reason, "the file may be damaged: check it with h5dump or copy it again");
    throw InputError(problem, filter + " is not available", filter_suggestion());
}

void read(Column const& column, RowRange rows, std::span<std::byte> bytes, std::string const& file)
{
    auto const counts = counts_of(column.dataset.info.spec, rows.size());
    std::vector<hsize_t> start(counts.size(), 0);
    start.front() = rows.begin;
    auto const problem = "cannot select " + to_string(rows) + " of " + column.name + " in " + file;
    auto const from = own<InputError>(H5Dget_space(column.dataset.id.get()), problem);
    auto const rank = static_cast<int>(counts.size());
    auto const to = own<InputError>(H5Screate_simple(rank, counts.data(), nullptr), problem);
    succeeded<InputError>(
        H5Sselect_hyperslab(from.get(), H5S_SELECT_SET, start.data(), nullptr, counts.data(), nullptr), problem);
    auto const status =
        H5Dread(column.dataset.id.get(), column.memory_type.get(), to.get(), from.get(), H5P_DEFAULT, bytes.data());
    if (status < 0) fail_to_read(column, rows, file);
}

/// A damaged file may hold other bytes than 0 and 1, which no C++ bool may have.
void make_booleans(std::span<std::byte> bytes)
{
    for (auto& byte : bytes) byte = byte == std::byte{0} ? std::byte{0} : std::byte{1};
}

} // namespace

struct Hdf5Source::Opened
{
    std::vector<Column> columns;
};

Hdf5Source::Hdf5Source(std::string file, std::vector<std::string> const& datasets)
    : file_(std::move(file)),
      opened_(std::make_unique<Opened>(Opened{open_columns(file_, datasets)})),
      rows_(common_rows(opened_->columns, file_)),
      layout_(layout_of(opened_->columns))
{}

Hdf5Source::~Hdf5Source() = default;

void Hdf5Source::fetch(RowRange rows, std::span<std::byte> window)
{
    expects(rows.begin <= rows.end && rows.end <= rows_, "rows of the dataset");
    expects(window.size() >= layout_.bytes(rows.size()), "a buffer that holds the window");
    QuietErrors const quiet;
    for (std::size_t i = 0; i < layout_.tensors(); ++i) {
        auto const bytes = window.subspan(layout_.offset(i, rows.size()), layout_.row_bytes(i) * rows.size());
        if (bytes.empty()) continue;
        read(opened_->columns[i], rows, bytes, file_);
        if (layout_.specs()[i].dtype == DType::boolean) make_booleans(bytes);
    }
}

} // namespace distinfer::io
