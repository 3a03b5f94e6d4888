#include "address_file.hpp"

#include "distinfer/file/file.hpp"
#include "distinfer/file/fully.hpp"

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

#include <algorithm>
#include <fcntl.h>
#include <limits>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

/// What HDF5 holds of a file that this driver has opened.
struct Opened : H5FD_t
{
    file::FileDescriptor descriptor;
    haddr_t end = 0;              ///< of the file
    haddr_t end_of_addresses = 0; ///< of what HDF5 has given a use
    FilePiece last_read;
};

H5FD_t* open(char const* name, unsigned, hid_t, haddr_t)
{
    auto opened = std::make_unique<Opened>();
    opened->descriptor = file::FileDescriptor{::open(name, O_RDONLY | O_CLOEXEC)};
    struct stat about = {};
    if (!opened->descriptor.valid() || ::fstat(opened->descriptor.get(), &about) != 0) return nullptr;
    opened->end = static_cast<haddr_t>(about.st_size);
    return opened.release();
}

herr_t close(H5FD_t* file)
{
    std::unique_ptr<Opened> const closed{static_cast<Opened*>(file)};
    return 0;
}

herr_t read(H5FD_t* file, H5FD_mem_t type, hid_t, haddr_t address, std::size_t size, void* buffer)
{
    auto& opened = static_cast<Opened&>(*file);
    if (type == H5FD_MEM_DRAW) {
        opened.last_read = {address, size};
        return 0;
    }
    std::span const bytes{static_cast<std::byte*>(buffer), size};
    auto const read_at = [&](auto... where) { return ::pread(opened.descriptor.get(), where...); };
    auto const got = file::read_fully(bytes, address, read_at);
    if (got < 0) return -1;
    std::ranges::fill(bytes.subspan(static_cast<std::size_t>(got)), std::byte{0}); // as HDF5's own driver does
    return 0;
}

H5FD_class_t driver_class()
{
    H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
    driver.version = H5FD_CLASS_VERSION;
    driver.value = 511; // of those that are kept free for programs
#endif
    driver.name = "addresses";
    driver.maxaddr = static_cast<haddr_t>(std::numeric_limits<off_t>::max());
    driver.fc_degree = H5F_CLOSE_WEAK;
    driver.open = open;
    driver.close = close;
    driver.get_eoa = [](H5FD_t const* file, H5FD_mem_t) { return static_cast<Opened const*>(file)->end_of_addresses; };
    driver.set_eoa = [](H5FD_t* file, H5FD_mem_t, haddr_t end) -> herr_t {
        static_cast<Opened*>(file)->end_of_addresses = end;
        return 0;
    };
    driver.get_eof = [](H5FD_t const* file, H5FD_mem_t) { return static_cast<Opened const*>(file)->end; };
    driver.get_handle = [](H5FD_t* file, hid_t, void** handle) -> herr_t {
        *handle = &static_cast<Opened*>(file)->last_read;
        return 0;
    };
    driver.read = read;
    driver.write = [](H5FD_t*, H5FD_mem_t, hid_t, haddr_t, std::size_t, void const*) -> herr_t { return -1; };
    return driver;
}

Hid register_driver()
{
    auto const driver = driver_class();
    return own<InternalError>(H5FDregister(&driver), "cannot set up HDF5");
}

Hid open_with(Hid const& driver, std::string const& file)
{
    auto const access = own<InternalError>(H5Pcreate(H5P_FILE_ACCESS), "cannot set up HDF5");
    succeeded<InternalError>(H5Pset_driver(access.get(), driver.get(), nullptr), "cannot set up HDF5");
    return own<InputError>(H5Fopen(file.c_str(), H5F_ACC_RDONLY, access.get()), "cannot read " + file);
}

FilePiece const* find_last_read(Hid const& file)
{
    void* found = nullptr;
    succeeded<InternalError>(H5Fget_vfd_handle(file.get(), H5P_DEFAULT, &found), "cannot set up HDF5");
    return static_cast<FilePiece const*>(found);
}

} // namespace

AddressFile::AddressFile(std::string const& file)
    : driver_(register_driver()), file_(open_with(driver_, file)), last_read_(find_last_read(file_))
{}

} // namespace distinfer::io
