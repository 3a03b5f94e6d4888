#pragma once

#include "distinfer/core/row_range.hpp"
#include "distinfer/io/stored_form.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::io
{

/// Rows of one file that a window needs.
struct FilePart
{
    std::size_t file = 0;
    RowRange rows;           ///< counted in the file
    std::uint64_t first = 0; ///< row of the window that the first of them is
};

/// The rows of each file.
std::vector<std::uint64_t> rows_of(std::vector<FileFacts> const& files);

/// "rows 8 to 11: rows 8 to 9 of /x in a.h5, rows 0 to 1 of /x in b.h5", as messages name rows of joined files; rows of
/// a single file, or of none, are not said twice. Pure.
std::string name_rows(std::vector<FileFacts> const& files, RowRange range);

/// The rows of several files joined along axis 0, in the files' order. Pure.
class FileRows
{
  public:
    /// @param rows of each file; files without rows are fine
    explicit FileRows(std::vector<std::uint64_t> const& rows);
    explicit FileRows(std::vector<FileFacts> const& files);

    std::uint64_t rows() const noexcept { return ends_.empty() ? 0 : ends_.back(); }

    /// The parts of a range of all rows, in order; files that give no row are left out. @pre the range ends in rows()
    std::vector<FilePart> cut(RowRange range) const;

  private:
    std::vector<std::uint64_t> ends_; ///< one past the last row of each file, counted over all
};

} // namespace distinfer::io
