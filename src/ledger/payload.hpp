#pragma once

#include "distinfer/ledger/record.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace distinfer::ledger
{

/// What a record is, in the file. A number once given stays; 5 is kept for notes.
enum class Kind : std::uint32_t { done = 1, attempt = 2, bad_row = 3, lost = 4, retry = 6 };

/// A record without what goes around it in the file.
struct Payload
{
    Kind kind = Kind::done;
    std::vector<std::byte> bytes;
};

Payload to_payload(Record const& record);

bool is_known(std::uint32_t kind);

/// The record, or nothing where the bytes are none of that kind.
std::optional<Record> from_payload(Kind kind, std::span<std::byte const> bytes);

} // namespace distinfer::ledger
