#include "hdf5_elements.hpp"

#include "distinfer/core/narrow.hpp"

namespace distinfer::io
{

Hid type_of_elements(hid_t dataset, std::string const& where)
{
    auto const problem = "cannot read the type of " + where;
    auto const stored = own<InputError>(H5Dget_type(dataset), problem);
    // One that has a name in its file would mean nothing in another, and keep the file open.
    return own<InputError>(H5Tcopy(stored.get()), problem);
}

bool may_point_elsewhere(hid_t type)
{
    switch (H5Tget_class(type)) {
    case H5T_STRING:
        return H5Tis_variable_str(type) > 0;
    case H5T_VLEN:
    case H5T_COMPOUND:
    case H5T_ARRAY:
        return true;
    default:
        return false;
    }
}

Elements::Elements(hid_t type, hid_t space)
    : type_(type), space_(space), bytes_(narrow<std::size_t>(H5Sget_select_npoints(space)) * H5Tget_size(type))
{}

Elements::~Elements()
{
    if (!bytes_.empty() && may_point_elsewhere(type_)) H5Dvlen_reclaim(type_, space_, H5P_DEFAULT, bytes_.data());
}

} // namespace distinfer::io
