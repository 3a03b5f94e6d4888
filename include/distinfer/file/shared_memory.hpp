#pragma once

#include "distinfer/file/file.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace distinfer::file
{

/// Memory that processes of one user on one host have in common. It has no name in any folder, so nothing is left of it
/// when the last process that has it ends, however it ends. Move-only; a moved-from one is empty.
class SharedMemory
{
  public:
    /// As with other memory, it is taken when it is written. @throws OutputError where it cannot be had
    explicit SharedMemory(std::size_t bytes);

    /// What another process has, as its address() tells, to be read only. That process must still have it; this one may
    /// keep it longer.
    /// @throws OutputError where it cannot be had: in another container, for instance
    explicit SharedMemory(std::string const& address);

    ~SharedMemory();
    SharedMemory(SharedMemory const&) = delete;
    SharedMemory& operator=(SharedMemory const&) = delete;
    SharedMemory(SharedMemory&& other) noexcept;
    SharedMemory& operator=(SharedMemory&& other) noexcept;

    /// How other processes find it.
    std::string address() const;

    /// @pre made by this process
    std::span<std::byte> bytes() noexcept { return mapped_; }
    std::span<std::byte const> bytes() const noexcept { return mapped_; }

  private:
    void map(std::size_t bytes, int protection);

    FileDescriptor descriptor_;
    std::span<std::byte> mapped_;
};

} // namespace distinfer::file
