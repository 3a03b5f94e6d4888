#pragma once

#include "hdf5_handle.hpp"

#include <cstdint>
#include <string>

namespace distinfer::io
{

/// A piece of a file, in bytes from its begin.
struct FilePiece
{
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

/// A file that HDF5 opens to look addresses up: where it would read the elements of a dataset, nothing is read, and the
/// place is noted. Metadata is read as ever, so HDF5 finds its way. One thread.
class AddressFile
{
  public:
    /// Opens a file that HDF5 is known to open. The caller has made a QuietErrors. @throws InputError
    explicit AddressFile(std::string const& file);

    hid_t get() const noexcept { return file_.get(); }

    /// Where the last read of elements would have gone. A user block is counted in.
    FilePiece const& last_read() const noexcept { return *last_read_; }

  private:
    Hid driver_; ///< before the file, which uses it
    Hid file_;
    FilePiece const* last_read_; ///< in the open file
};

} // namespace distinfer::io
