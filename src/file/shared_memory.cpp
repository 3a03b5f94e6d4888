#include "distinfer/file/shared_memory.hpp"

#include "distinfer/core/error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sstream>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace distinfer::file
{

namespace
{

[[noreturn]] void fail(int error)
{
    throw OutputError("memory cannot be shared between processes", std::strerror(error));
}

struct stat about(int descriptor)
{
    struct stat found = {};
    if (::fstat(descriptor, &found) != 0) fail(errno);
    return found;
}

} // namespace

SharedMemory::SharedMemory(std::size_t bytes) : descriptor_(::memfd_create("dist-infer", MFD_CLOEXEC))
{
    if (!descriptor_.valid()) fail(errno);
    if (::ftruncate(descriptor_.get(), static_cast<off_t>(bytes)) != 0) fail(errno);
    map(bytes, PROT_READ | PROT_WRITE);
}

SharedMemory::SharedMemory(std::string const& address)
{
    std::string path;
    ino_t node = 0;
    std::size_t bytes = 0;
    std::istringstream{address} >> path >> node >> bytes;
    descriptor_ = FileDescriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!descriptor_.valid()) fail(errno);
    // Where processes have other numbers here than there, it is somebody else's.
    auto const found = about(descriptor_.get());
    if (found.st_ino != node || found.st_size != static_cast<off_t>(bytes)) fail(ESTALE);
    map(bytes, PROT_READ);
}

void SharedMemory::map(std::size_t bytes, int protection)
{
    if (bytes == 0) return;
    void* const start = ::mmap(nullptr, bytes, protection, MAP_SHARED, descriptor_.get(), 0);
    if (start == MAP_FAILED) fail(errno);
    mapped_ = {static_cast<std::byte*>(start), bytes};
}

SharedMemory::~SharedMemory()
{
    if (!mapped_.empty()) ::munmap(mapped_.data(), mapped_.size());
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : descriptor_(std::move(other.descriptor_)), mapped_(std::exchange(other.mapped_, {}))
{}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    std::swap(mapped_, other.mapped_);
    return *this;
}

std::string SharedMemory::address() const
{
    std::ostringstream text;
    text << "/proc/" << ::getpid() << "/fd/" << descriptor_.get() << ' ' << about(descriptor_.get()).st_ino << ' '
         << mapped_.size();
    return text.str();
}

} // namespace distinfer::file
