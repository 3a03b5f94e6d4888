#pragma once

#include "distinfer/core/dtype.hpp"
#include "hdf5_handle.hpp"

#include <optional>
#include <string>

namespace distinfer::io
{

/// The DType that elements of this HDF5 type are read as, whatever their byte order; nothing where there is none.
/// Booleans are h5py's (an 8-bit enumeration FALSE = 0, TRUE = 1); other enumerations read as their integers.
std::optional<DType> dtype_of(hid_t type);

/// The HDF5 type of a DType in the machine's byte order, as h5py writes it. @throws InternalError
Hid native_type(DType dtype);

/// A few words on any HDF5 type, for messages: "variable-length strings".
std::string describe_type(hid_t type);

} // namespace distinfer::io
