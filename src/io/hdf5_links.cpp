#include "hdf5_links.hpp"

namespace distinfer::io
{

namespace
{

using Target = std::optional<std::string>;

herr_t stop(char const*, char const*, char const* file, char const* object, unsigned*, hid_t, void* target)
{
    auto& found = *static_cast<Target*>(target);
    if (!found) found = std::string{object} + " in " + file;
    return -1;
}

} // namespace

std::optional<std::string> outside_target(hid_t file, std::string const& name)
{
    Target target;
    auto const access = own<InternalError>(H5Pcreate(H5P_LINK_ACCESS), "cannot set up HDF5");
    // HDF5 asks before it opens the other file, whichever way it got to the link: a group, a soft link, itself.
    succeeded<InternalError>(H5Pset_elink_cb(access.get(), stop, &target), "cannot set up HDF5");
    Hid const object{H5Oopen(file, name.c_str(), access.get())};
    return target;
}

Hid open_linked(hid_t file, std::string const& name, External external, std::string const& where)
{
    if (external == External::refuse)
        if (auto const target = outside_target(file, name))
            refuse_outside(where, "an external link leads to " + *target);
    return Hid{H5Oopen(file, name.c_str(), H5P_DEFAULT)};
}

void refuse_outside(std::string const& where, std::string const& why)
{
    throw InputError("cannot read " + where, why,
                     "set input.allow_external: true if you trust whoever made the file with all that you may read");
}

} // namespace distinfer::io
