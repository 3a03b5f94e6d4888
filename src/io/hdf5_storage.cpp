#include "hdf5_storage.hpp"

#include "hdf5_external.hpp"
#include "hdf5_filters.hpp"
#include "hdf5_virtual.hpp"

namespace distinfer::io
{

void require_storage(hid_t dataset, std::string const& path, std::string const& where, External external)
{
    Hid const creation{H5Dget_create_plist(dataset)};
    auto const layout = H5Pget_layout(creation.get());
    if (layout == H5D_VIRTUAL) require_virtual_sources(dataset, path, where, external);
    if (layout == H5D_CHUNKED) require_filters(dataset, where);
    if (layout == H5D_CONTIGUOUS) require_external_files(dataset, path, where, external);
}

} // namespace distinfer::io
