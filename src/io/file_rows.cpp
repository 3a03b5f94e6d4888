#include "distinfer/io/file_rows.hpp"

#include "distinfer/core/check.hpp"

#include <algorithm>

namespace distinfer::io
{

std::vector<std::uint64_t> rows_of(std::vector<FileFacts> const& files)
{
    std::vector<std::uint64_t> rows;
    for (auto const& file : files) rows.push_back(file.rows);
    return rows;
}

FileRows::FileRows(std::vector<FileFacts> const& files) : FileRows(rows_of(files)) {}

FileRows::FileRows(std::vector<std::uint64_t> const& rows)
{
    std::uint64_t end = 0;
    for (auto const count : rows) {
        expects(count <= UINT64_MAX - end, "fewer rows than 64 bits can count");
        ends_.push_back(end += count);
    }
}

std::string name_rows(std::vector<FileFacts> const& files, RowRange range)
{
    if (files.empty() || range.empty()) return to_string(range);
    std::string parts;
    for (auto const& part : FileRows{files}.cut(range)) {
        parts.append(parts.empty() ? "" : ", ").append(to_string(part.rows));
        auto const& names = files[part.file].names;
        for (auto const& name : names) parts.append(&name == &names.front() ? " of " : " and ").append(name);
    }
    return files.size() == 1 ? parts : to_string(range) + ": " + parts;
}

std::vector<FilePart> FileRows::cut(RowRange range) const
{
    expects(range.begin <= range.end && range.end <= rows(), "rows of the files");
    std::vector<FilePart> parts;
    auto file = static_cast<std::size_t>(std::ranges::upper_bound(ends_, range.begin) - ends_.begin());
    for (auto begin = range.begin; begin < range.end; ++file) {
        auto const end = std::min(ends_[file], range.end);
        auto const offset = file == 0 ? 0 : ends_[file - 1];
        if (begin < end) parts.push_back({file, {begin - offset, end - offset}, begin - range.begin});
        begin = std::max(begin, end);
    }
    return parts;
}

} // namespace distinfer::io
