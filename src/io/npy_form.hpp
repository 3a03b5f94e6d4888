#pragma once

#include "distinfer/io/stored_form.hpp"
#include "npy_header.hpp"

#include <string>

namespace distinfer::io
{

/// How the rows of an array travel. Pure.
/// @param where "the array in data.npy", as messages name it
/// @throws InputError where no model could be fed with it
StoredForm npy_form(NpyHeader const& header, std::string const& where);

} // namespace distinfer::io
