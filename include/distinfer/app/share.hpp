#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/file/shared_memory.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace distinfer::app
{

/// Bytes that every rank has, those of a node in common. Move-only.
class SharedBytes
{
  public:
    explicit SharedBytes(std::vector<std::byte> own, int copies) : own_(std::move(own)), copies_(copies) {}
    explicit SharedBytes(file::SharedMemory shared, int copies) : shared_(std::move(shared)), copies_(copies) {}

    std::span<std::byte const> get() const { return shared_ ? std::as_const(*shared_).bytes() : std::span{own_}; }

    /// How often the job holds them: once for each node, or where memory cannot be shared, for each rank.
    int copies() const { return copies_; }

  private:
    std::vector<std::byte> own_;
    std::optional<file::SharedMemory> shared_;
    int copies_;
};

/// Root's bytes on every rank: they are sent to one rank of each node, whose neighbours read its memory. Where that
/// cannot be, since ranks of a node run in containers of their own, every rank is sent them, with a warning.
/// Collective.
/// @throws LaunchError
SharedBytes share(comm::Communicator& communicator, std::vector<std::byte> bytes);

} // namespace distinfer::app
