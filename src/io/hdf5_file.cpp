#include "hdf5_file.hpp"

#include "file_kind.hpp"
#include "hdf5_links.hpp"
#include "input_bytes.hpp"

namespace distinfer::io
{

namespace
{

void require_hdf5(std::string const& file, std::string const& problem)
{
    auto const opened = open_input(file);
    if (H5Fis_hdf5(file.c_str()) > 0) return;
    auto const kind = guess_kind(read_head(opened.get(), 512, problem));
    throw InputError(problem + " as HDF5 or .npy", "it is " + std::string{kind.what}, kind.how);
}

/// The number behind `label` in one of HDF5's sentences.
std::string number_after(std::string_view label, std::string const& reason)
{
    auto const begin = reason.find(label) + label.size();
    return reason.substr(begin, reason.find_first_not_of("0123456789", begin) - begin);
}

[[noreturn]] void fail_to_open(std::string const& problem)
{
    auto const reason = last_reason();
    if (reason.starts_with("truncated file")) {
        throw InputError(problem,
                         "the HDF5 file is cut short: it has " + number_after(": eof = ", reason) + " bytes of " +
                             number_after("stored_eof = ", reason),
                         "copy or write it again");
    }
    if (reason.find("lock file") != std::string::npos) {
        throw InputError(problem, reason, "close the program that writes it, or set HDF5_USE_FILE_LOCKING=FALSE");
    }
    auto const newer = version_suggestion(reason);
    if (!newer.empty()) throw InputError(problem, reason, newer);
    throw InputError(problem, "the HDF5 file is damaged: " + reason, "copy or write it again");
}

struct Listing
{
    hid_t file;
    std::vector<std::string> datasets;
};

herr_t list_link(hid_t, char const* name, H5L_info_t const* link, void* listing)
{
    auto& list = *static_cast<Listing*>(listing);
    if (link->type == H5L_TYPE_EXTERNAL) return 0;
    if (link->type == H5L_TYPE_SOFT && outside_target(list.file, name)) return 0;
    Hid const object{H5Oopen(list.file, name, H5P_DEFAULT)};
    // What is there but cannot be opened, as a newer HDF5 wrote it, is listed: opening it tells why.
    bool const is_listed = object.valid() ? H5Iget_type(object.get()) == H5I_DATASET : link->type == H5L_TYPE_HARD;
    if (is_listed) list.datasets.push_back("/" + std::string{name});
    return 0;
}

} // namespace

std::string_view version_suggestion(std::string_view reason)
{
    if (reason.find("version number") == std::string_view::npos) return {};
    return "a newer HDF5 wrote it: write it with h5py.File(name, 'w', libver=('earliest', 'v110'))";
}

Hid file_access()
{
    auto access = own<InternalError>(H5Pcreate(H5P_FILE_ACCESS), "cannot set up HDF5");
    // Parallel file systems are often mounted without locks, which is no reason to refuse them.
    succeeded<InternalError>(H5Pset_file_locking(access.get(), true, true), "cannot set up HDF5");
    return access;
}

Hid open_input_file(std::string const& file)
{
    auto const problem = "cannot read " + file;
    require_hdf5(file, problem);
    auto const access = file_access();
    Hid id{H5Fopen(file.c_str(), H5F_ACC_RDONLY, access.get())};
    if (!id.valid()) fail_to_open(problem);
    return id;
}

std::vector<std::string> datasets_of(hid_t file)
{
    Listing listing{file, {}};
    H5Lvisit(file, H5_INDEX_NAME, H5_ITER_INC, list_link, &listing);
    return std::move(listing.datasets);
}

} // namespace distinfer::io
