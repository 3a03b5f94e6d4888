#include "hdf5_elements.hpp"

#include "distinfer/core/narrow.hpp"

namespace distinfer::io
{

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
