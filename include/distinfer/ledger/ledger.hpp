#pragma once

#include "distinfer/file/file.hpp"
#include "distinfer/ledger/format.hpp"

#include <optional>
#include <span>
#include <string>

namespace distinfer::ledger
{

/// Where the ledger of an output lies: beside it.
std::string ledger_path(std::string const& output);

/// Reads a ledger without locking or changing it, at any time: a job that appends meanwhile leaves a torn end at worst.
/// @returns nothing where there is none
/// @throws OutputError
std::optional<Contents> read_ledger(std::string const& path);

/// Removes a ledger, durably; it may be gone already. @throws OutputError
void remove_ledger(std::string const& path);

/// A ledger that is appended to. Whoever has it holds the lock of its output. Move-only; one thread at a time.
class Ledger
{
  public:
    struct Opened;

    /// Begins a ledger, durably, and replaces one that is there. After an error the one that was there, or the new one,
    /// is there as a whole.
    /// @throws OutputError
    static Ledger create(std::string path, Header const& header);

    /// Opens a ledger to append to it, and cuts off a torn end.
    /// @returns nothing where there is none
    /// @throws OutputError
    static std::optional<Opened> open(std::string path);

    std::string const& path() const noexcept { return path_; }

    /// Appends records in one write. They are durable after sync().
    ///
    /// After an error here or in sync() the file still holds a ledger, but this object takes no more records: what came
    /// behind a torn one would be lost.
    /// @throws OutputError
    void append(std::span<Record const> records);

    /// Makes what was appended durable. @throws OutputError
    void sync();

  private:
    Ledger(std::string path, file::FileDescriptor file, std::uint64_t nonce, std::uint64_t sequence,
           std::uint64_t bytes);

    void cut_off_torn_end();
    void require_open() const;
    [[noreturn]] void fail(std::string const& problem, int error);

    std::string path_;
    file::FileDescriptor file_; ///< closed after an error
    std::uint64_t nonce_;
    std::uint64_t sequence_; ///< of the next record
    std::uint64_t bytes_;    ///< where it goes
};

/// A ledger to append to, and what it held.
struct Ledger::Opened
{
    Ledger ledger;
    Contents contents;
};

} // namespace distinfer::ledger
