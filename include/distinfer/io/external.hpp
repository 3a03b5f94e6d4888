#pragma once

namespace distinfer::io
{

/// What is done where an HDF5 file says that data lies elsewhere: in external storage, behind an external link, or in a
/// virtual dataset's source outside the file's own folder. A file could have any file of its reader's copied that way.
enum class External {
    refuse, ///< with a message, before the other file is opened
    follow,
};

} // namespace distinfer::io
