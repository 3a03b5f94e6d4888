#include "distinfer/io/output_file.hpp"

#include "bad_row_list.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/fail_point.hpp"
#include "distinfer/file/fully.hpp"
#include "distinfer/file/retries.hpp"
#include "distinfer/file/trouble.hpp"
#include "hdf5_output.hpp"
#include "output_image.hpp"
#include "output_layout.hpp"
#include "output_space.hpp"
#include "passthrough_copy.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

file::FileDescriptor open_part(std::string const& part)
{
    file::FileDescriptor file{::open(part.c_str(), O_RDWR | O_CLOEXEC)};
    if (!file.valid()) file::throw_output_error("cannot open " + part, errno);
    return file;
}

std::uint64_t end_of_data(std::uint64_t rows, std::vector<PlacedDataset> const& datasets)
{
    std::uint64_t end = 0;
    for (auto const& placed : datasets) end = std::max(end, placed.offset + rows * placed.row_bytes);
    return end;
}

void sync(file::FileDescriptor const& file, std::string const& name)
{
    // Never tried again: a second try would succeed although what was written is lost.
    if (auto const error = file::uninterrupted([&] { return ::fsync(file.get()); }))
        file::throw_output_error("cannot make " + name + " durable", error);
}

void sync_and_close(file::FileDescriptor file, std::string const& name)
{
    sync(file, name);
    if (auto const error = file.close()) file::throw_output_error("cannot close " + name, error);
}

/// @param overwrite else a file that has come to be there meanwhile is kept, where the file system can see to that
void put_in_place(std::string const& part, std::string const& path, bool overwrite)
{
    if (!overwrite && ::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return;
    if (!overwrite && errno == EEXIST)
        throw OutputError(path + " has come to be there while the job ran", "output.if_exists is fail",
                          "move it away, or set output.if_exists: overwrite");
    if (!overwrite && errno != EINVAL && errno != ENOSYS)
        file::throw_output_error("cannot rename " + part + " to " + path, errno);
    if (std::rename(part.c_str(), path.c_str()) != 0)
        file::throw_output_error("cannot rename " + part + " to " + path, errno);
}

} // namespace

OutputFile OutputFile::create(std::string path, std::uint64_t rows, std::vector<OutputDataset> datasets, bool overwrite,
                              Passthrough const& passthrough)
{
    check_output_path(path, overwrite);
    auto placed = check_datasets(path, std::move(datasets));
    check_names(path, passthrough, placed);
    file::RemovedOnExit part{part_path(path)};
    // A left-over must go first: it would be counted as taken space.
    ::unlink(part.path().c_str());
    require_space(path, total_bytes(path, rows, placed) + passthrough.bytes);
    create_hdf5(part.path());
    copy_passthrough(part.path(), passthrough);
    auto const own_from = std::filesystem::file_size(part.path());
    lay_out(part.path(), rows, placed);
    auto file = open_part(part.path());
    allocate(file, path, end_of_data(rows, placed));
    OutputFile output{std::move(path), rows, std::move(placed), std::move(file)};
    output.part_.emplace(std::move(part));
    output.own_from_ = own_from;
    output.overwrite_ = overwrite;
    return output;
}

OutputFile OutputFile::go_on(std::string path, std::uint64_t rows, std::vector<PlacedDataset> datasets, bool overwrite,
                             std::span<std::byte const> image)
{
    auto file = open_part(part_path(path));
    restore_image(file, part_path(path), image);
    OutputFile output{std::move(path), rows, std::move(datasets), std::move(file)};
    output.overwrite_ = overwrite;
    return output;
}

OutputFile OutputFile::join(std::string path, std::uint64_t rows, std::vector<PlacedDataset> datasets)
{
    auto file = open_part(part_path(path));
    return {std::move(path), rows, std::move(datasets), std::move(file)};
}

OutputFile::OutputFile(std::string path, std::uint64_t rows, std::vector<PlacedDataset> datasets,
                       file::FileDescriptor file)
    : path_(std::move(path)), rows_(rows), datasets_(std::move(datasets)), file_(std::move(file))
{}

void OutputFile::write(std::size_t dataset, RowRange rows, std::span<std::byte const> bytes)
{
    expects(file_.valid(), "an output that is not finished");
    expects(dataset < datasets_.size() && rows.begin <= rows.end && rows.end <= rows_, "rows of the output");
    auto const& placed = datasets_[dataset];
    expects(bytes.size() == rows.size() * placed.row_bytes, "the bytes of these rows");
    auto const write_at = [&](auto... where) { return ::pwrite(file_.get(), where...); };
    auto const problem = "cannot write " + to_string(rows) + " of " + placed.dataset.name + " in " + part_path(path_);
    auto const error = file::write_fully(bytes, placed.offset + rows.begin * placed.row_bytes, write_at,
                                         file::Retries{file::Retries::Of::writing, problem});
    if (error != 0) file::throw_output_error(problem, error);
}

void OutputFile::sync()
{
    io::sync(file_, part_path(path_));
}

std::vector<std::byte> OutputFile::read_image() const
{
    return io::read_image(file_, part_path(path_), own_from_, rows_, datasets_);
}

void OutputFile::seal(std::map<std::string, std::string> const& attributes,
                      std::optional<std::vector<BadRow>> const& bad_rows)
{
    expects(file_.valid(), "an output that is not sealed");
    auto const part = part_path(path_);
    sync_and_close(std::move(file_), part);
    add_attributes(part, attributes);
    if (bad_rows) add_bad_rows(part, *bad_rows);
    sync_and_close(open_part(part), part);
}

void OutputFile::publish()
{
    put_in_place(part_path(path_), path_, overwrite_);
    if (part_) part_->keep();
    fail_point("finish: renamed");
    file::sync_folder_of(path_);
}

void OutputFile::finish(std::map<std::string, std::string> const& attributes)
{
    seal(attributes);
    publish();
}

OutputSink::OutputSink(OutputFile& file, PayloadLayout layout) : file_(&file), layout_(std::move(layout))
{
    expects(layout_.tensors() == file.datasets().size(), "a dataset for every tensor");
}

void OutputSink::store(RowRange rows, std::span<std::byte const> window)
{
    for (std::size_t i = 0; i < layout_.tensors(); ++i) {
        auto const bytes = layout_.row_bytes(i) * rows.size();
        file_->write(i, rows, window.subspan(layout_.offset(i, rows.size()), bytes));
    }
}

} // namespace distinfer::io
