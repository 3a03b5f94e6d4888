#pragma once

#include "distinfer/ledger/fingerprint.hpp"
#include "distinfer/ledger/record.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The bytes of a ledger, as docs/ledger-format.md has them. Pure.
namespace distinfer::ledger
{

/// What a ledger says of its job once and for all.
struct Header
{
    Fingerprint fingerprint;
    std::string facts;            ///< what the app has to know again; its own text
    std::vector<std::byte> image; ///< metadata of the output as it was created

    bool operator==(Header const&) const = default;
};

/// What the bytes of a ledger hold.
struct Contents
{
    Header header;
    std::uint64_t nonce = 0;     ///< of the ledger; ties its records to it
    std::vector<Record> records; ///< without those of a kind that this program does not know
    std::uint64_t sequence = 0;  ///< records, unknown ones included: the number of the next one
    std::uint64_t bytes = 0;     ///< that header and records take
    std::uint64_t torn = 0;      ///< bytes behind them, which hold no record that can be believed

    bool operator==(Contents const&) const = default;
};

/// What a ledger begins with. @pre the names of the fingerprint are unique, no part is longer than 4 GiB
std::vector<std::byte> encode(Header const& header, std::uint64_t nonce);

/// Records as they are appended, the first of them with the number `sequence`.
std::vector<std::byte> encode(std::span<Record const> records, std::uint64_t nonce, std::uint64_t sequence);

/// Reads a ledger up to the first record that is torn or damaged.
/// @param path what messages name
/// @throws OutputError where the header is torn, damaged or of a version that this program does not know
Contents parse(std::span<std::byte const> bytes, std::string const& path);

} // namespace distinfer::ledger
