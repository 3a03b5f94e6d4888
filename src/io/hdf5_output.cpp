#include "hdf5_output.hpp"

#include "distinfer/core/alignment.hpp"
#include "hdf5_file.hpp"

namespace distinfer::io
{

namespace
{

Hid output_access()
{
    auto access = file_access();
    // With this degree a close fails where an id was forgotten, instead of leaving the file open.
    succeeded<OutputError>(H5Pset_fclose_degree(access.get(), H5F_CLOSE_SEMI), "cannot set up HDF5");
    // Rows begin with a page, so that ranks which write windows of whole pages never share one.
    succeeded<OutputError>(H5Pset_alignment(access.get(), page_bytes, page_bytes), "cannot set up HDF5");
    return access;
}

} // namespace

void create_hdf5(std::string const& path)
{
    QuietErrors const quiet;
    auto const problem = "cannot create " + path;
    auto const access = output_access();
    auto file = own<OutputError>(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), problem);
    succeeded<OutputError>(H5Fclose(file.release()), problem);
}

Hid open_to_write(std::string const& path, std::string const& problem)
{
    auto const access = output_access();
    return own<OutputError>(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()), problem);
}

Hid output_links()
{
    auto links = own<OutputError>(H5Pcreate(H5P_LINK_CREATE), "cannot set up HDF5");
    succeeded<OutputError>(H5Pset_create_intermediate_group(links.get(), 1), "cannot set up HDF5");
    succeeded<OutputError>(H5Pset_char_encoding(links.get(), H5T_CSET_UTF8), "cannot set up HDF5");
    return links;
}

Hid text_type()
{
    auto type = own<OutputError>(H5Tcopy(H5T_C_S1), "cannot set up HDF5");
    succeeded<OutputError>(H5Tset_size(type.get(), H5T_VARIABLE), "cannot set up HDF5");
    succeeded<OutputError>(H5Tset_cset(type.get(), H5T_CSET_UTF8), "cannot set up HDF5");
    return type;
}

hid_t written(hid_t result, std::string const& problem)
{
    if (result >= 0) return result;
    throw OutputError(problem, last_reason(),
                      last_system_error() == 0 ? "" : "make room or write elsewhere: output.file");
}

} // namespace distinfer::io
