#include "npy_source.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/io/wire.hpp"
#include "input_bytes.hpp"
#include "npy_form.hpp"
#include "npy_header.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <sys/stat.h>

namespace distinfer::io
{

namespace
{

void require_one_name(std::vector<std::string> const& datasets, std::string const& file)
{
    expects(!datasets.empty(), "a dataset");
    auto const other = std::ranges::adjacent_find(datasets, std::ranges::not_equal_to{});
    if (other == datasets.end()) return;
    throw InputError("cannot read " + *other + " and " + *(other + 1) + " from " + file,
                     "a .npy file holds one array, which has no name",
                     "put the inputs as datasets into one HDF5 file, with h5py");
}

/// One past the last byte of the array.
std::uint64_t end_of(StoredForm const& form, std::uint64_t offset, std::string const& problem)
{
    auto const bytes = checked_product(form.rows, row_bytes(form.spec));
    if (!bytes || *bytes > std::numeric_limits<std::uint64_t>::max() - offset)
        throw InputError(problem, "its header is damaged: the array's size does not fit 64 bits",
                         "copy or write it again");
    return offset + *bytes;
}

std::uint64_t size_of(int descriptor, std::string const& problem)
{
    struct stat about = {};
    if (::fstat(descriptor, &about) != 0) throw InputError(problem, std::strerror(errno));
    return narrow<std::uint64_t>(about.st_size);
}

} // namespace

NpySource::Array NpySource::find_array(int descriptor, std::string const& file, std::string const& name)
{
    auto const problem = "cannot read " + file;
    auto const header = parse_npy_header(read_head(descriptor, npy_head_bytes, problem), problem);
    Array array{.form = npy_form(header, name), .offset = header.data_offset};
    auto const end = end_of(array.form, array.offset, problem);
    auto const size = size_of(descriptor, problem);
    if (size < end)
        throw InputError(problem,
                         "it is cut short: it has " + std::to_string(size) + " bytes of " + std::to_string(end),
                         "copy or write it again");
    return array;
}

NpySource::NpySource(std::string const& file, std::vector<std::string> const& datasets)
    : name_("the array in " + file),
      descriptor_(open_input(file)),
      array_(find_array(descriptor_.get(), file, name_)),
      layout_(std::vector(datasets.size(), array_.form.spec))
{
    require_one_name(datasets, file);
}

FileFacts NpySource::facts() const
{
    return {.rows = rows(),
            .forms = std::vector(layout_.tensors(), array_.form),
            .names = std::vector(layout_.tensors(), name_)};
}

std::uint64_t NpySource::wire_bytes(RowRange rows)
{
    return layout_.tensors() * plain_wire_bytes(array_.form, rows);
}

void NpySource::fetch(RowRange rows, std::span<std::byte> wire)
{
    expects(wire.size() >= wire_bytes(rows), "a buffer that holds the window");
    auto const bytes = layout_.row_bytes(0) * rows.size();
    for (std::size_t i = 0; i < layout_.tensors(); ++i) {
        fetch_plain(i, rows, wire.first(bytes));
        wire = wire.subspan(plain_wire_bytes(array_.form, rows));
    }
}

void NpySource::fetch_plain(std::size_t /*tensor*/, RowRange rows, std::span<std::byte> bytes)
{
    expects(rows.begin <= rows.end && rows.end <= this->rows(), "rows of the array");
    read_bytes(descriptor_.get(), array_.offset + rows.begin * layout_.row_bytes(0), bytes,
               "cannot read " + to_string(rows) + " of " + name_);
}

} // namespace distinfer::io
