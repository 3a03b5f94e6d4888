#include "distinfer/io/hdf5_source.hpp"

#include "column.hpp"
#include "distinfer/core/check.hpp"
#include "hdf5_behind.hpp"
#include "hdf5_file.hpp"
#include "hdf5_sizes.hpp"
#include "input_bytes.hpp"

#include <algorithm>

namespace distinfer::io
{

namespace
{

/// Addresses are those of the file that was opened; a dataset that a link finds in another one is left to HDF5.
StoredLayout layout_in(hid_t opened, OpenDataset const& dataset, ChunkLimits const& limits)
{
    if (is_in_other_file(dataset.id.get(), opened))
        return {.form = {.spec = dataset.info.spec, .rows = dataset.info.rows}};
    return find_layout(dataset.id.get(), dataset.info, limits);
}

std::vector<Column> open_columns(std::string const& file, std::vector<std::string> const& names, hid_t opened,
                                 int descriptor, ChunkLimits const& limits, External external)
{
    if (names.empty())
        throw InputError("no dataset of " + file + " is named", "", "name one for each input of the model");
    std::vector<Column> columns;
    for (auto const& name : names) {
        auto dataset = open_dataset(opened, file, name, external);
        require_sound_chunks(dataset.id.get(), name + " in " + file);
        auto layout = layout_in(opened, dataset, limits);
        require_rows_in_file(layout, dataset.info, descriptor, name + " in " + file);
        columns.emplace_back(file, name, std::move(dataset), std::move(layout), descriptor);
    }
    return columns;
}

std::uint64_t common_rows(std::vector<Column> const& columns, std::string const& file)
{
    auto const rows = columns.front().info().rows;
    if (std::ranges::all_of(columns, [&](Column const& column) { return column.info().rows == rows; })) return rows;
    std::string lengths;
    for (auto const& column : columns) {
        lengths.append(lengths.empty() ? "" : ", ").append(column.dataset()).append(": ");
        lengths.append(std::to_string(column.info().rows)).append(" rows");
    }
    throw InputError("the datasets of " + file + " differ in length along axis 0", lengths,
                     "every input needs the same rows");
}

PayloadLayout layout_of(std::vector<Column> const& columns)
{
    std::vector<TensorSpec> specs;
    for (auto const& column : columns) specs.push_back(column.info().spec);
    return PayloadLayout{std::move(specs)};
}

} // namespace

struct Hdf5Source::Opened
{
    std::string file;
    External external;
    file::FileDescriptor descriptor;
    std::vector<Column> columns;
};

std::unique_ptr<Hdf5Source::Opened> Hdf5Source::open(std::string const& file, std::vector<std::string> const& datasets,
                                                     ChunkLimits const& limits, External external)
{
    QuietErrors const quiet;
    auto const opened = open_input_file(file);
    auto descriptor = open_input(file);
    auto columns = open_columns(file, datasets, opened.get(), descriptor.get(), limits, external);
    return std::make_unique<Opened>(Opened{file, external, std::move(descriptor), std::move(columns)});
}

Hdf5Source::Hdf5Source(std::string const& file, std::vector<std::string> const& datasets, ChunkLimits const& limits,
                       External external)
    : opened_(open(file, datasets, limits, external)),
      rows_(common_rows(opened_->columns, file)),
      layout_(layout_of(opened_->columns))
{}

Hdf5Source::~Hdf5Source() = default;

FileFacts Hdf5Source::facts() const
{
    FileFacts facts{.rows = rows_};
    for (auto const& column : opened_->columns) {
        facts.forms.push_back(column.form());
        facts.names.push_back(column.name());
    }
    return facts;
}

void Hdf5Source::look_up_chunks()
{
    QuietErrors const quiet;
    for (auto const& column : opened_->columns) column.look_up_chunks();
}

std::vector<std::string> Hdf5Source::files_behind() const
{
    QuietErrors const quiet;
    FilesBehind behind{opened_->file, opened_->external};
    for (auto const& column : opened_->columns) behind.add(column.id(), column.name());
    return {behind.paths().begin(), behind.paths().end()};
}

std::uint64_t Hdf5Source::wire_bytes(RowRange rows)
{
    expects(rows.begin <= rows.end && rows.end <= rows_, "rows of the dataset");
    QuietErrors const quiet;
    std::uint64_t bytes = 0;
    for (auto& column : opened_->columns) bytes += column.wire_bytes(rows);
    return bytes;
}

void Hdf5Source::fetch(RowRange rows, std::span<std::byte> wire)
{
    expects(wire.size() >= wire_bytes(rows), "a buffer that holds the window");
    QuietErrors const quiet;
    for (auto& column : opened_->columns) {
        auto const bytes = column.wire_bytes(rows);
        column.fetch(rows, wire.first(bytes));
        wire = wire.subspan(bytes);
    }
}

void Hdf5Source::fetch_plain(std::size_t tensor, RowRange rows, std::span<std::byte> bytes)
{
    QuietErrors const quiet;
    opened_->columns.at(tensor).fetch(rows, bytes);
}

} // namespace distinfer::io
