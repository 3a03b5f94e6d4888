#pragma once

#include "distinfer/ledger/format.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace distinfer::ledger
{

constexpr std::uint64_t sample_nonce = 0x0123456789abcdef;

inline std::vector<std::byte> bytes_of(std::string_view text)
{
    auto const bytes = std::as_bytes(std::span{text});
    return {bytes.begin(), bytes.end()};
}

/// A header whose parts need padding.
inline Header sample_header()
{
    return {.fingerprint = {{"model sha256", "ab12"}, {"run.batch", "64"}, {"name in UTF-8: größe", ""}},
            .facts = R"({"rows": 700})",
            .image = bytes_of("metadata")};
}

/// One record of every kind, and some that look alike.
inline std::vector<Record> sample_records()
{
    return {Attempt{"{\"ranks\": 4}"}, Done{{0, 64}}, Done{{128, 192}}, BadRow{130, "no finite number"},
            Lost{{192, 256}},          Done{{0, 64}}, Attempt{""},      Retry{}};
}

/// Bytes of a ledger with the header above.
inline std::vector<std::byte> ledger_bytes(std::vector<Record> const& records, std::uint64_t nonce = sample_nonce)
{
    auto bytes = encode(sample_header(), nonce);
    auto const appended = encode(records, nonce, 0);
    bytes.insert(bytes.end(), appended.begin(), appended.end());
    return bytes;
}

/// The first records of the sample.
inline std::vector<Record> first_records(std::size_t count)
{
    auto records = sample_records();
    records.resize(count);
    return records;
}

/// Where each of the sample's records begins in its ledger, and where the last one ends.
inline std::vector<std::size_t> record_bounds()
{
    std::vector<std::size_t> bounds;
    for (std::size_t count = 0; count <= sample_records().size(); ++count)
        bounds.push_back(ledger_bytes(first_records(count)).size());
    return bounds;
}

} // namespace distinfer::ledger
