#pragma once

#include "distinfer/io/external.hpp"
#include "hdf5_handle.hpp"

#include <optional>
#include <string>

namespace distinfer::io
{

/// Opens an object by its path, through whatever groups and links it leads.
/// @param where names the object in messages
/// @return an empty handle where it cannot be opened; last_reason() says why
/// @throws InputError where an external link is on the way and is not to be followed; its file is not opened
Hid open_linked(hid_t file, std::string const& name, External external, std::string const& where);

/// Where the first external link on the way to an object leads, "/x in other.h5"; the link is not followed.
std::optional<std::string> outside_target(hid_t file, std::string const& name);

/// Ends with what is said of data that lies elsewhere. @throws InputError
[[noreturn]] void refuse_outside(std::string const& where, std::string const& why);

} // namespace distinfer::io
