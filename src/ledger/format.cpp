#include "distinfer/ledger/format.hpp"

#include "bytes.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "payload.hpp"

#include <xxhash.h>

#include <algorithm>
#include <set>

namespace distinfer::ledger
{

namespace
{

using Bytes = std::span<std::byte const>;

constexpr std::string_view magic = "\x89"
                                   "DINLDG\n";
constexpr std::uint32_t version = 1;
constexpr std::uint64_t front_bytes = 40;  ///< of the header, before its parts
constexpr std::uint64_t record_front = 16; ///< bytes of a record before its payload

std::uint64_t checksum(Bytes bytes)
{
    return XXH3_64bits(bytes.data(), bytes.size());
}

/// Of a record. Its place in the file and the file itself are part of it, so that it is not believed elsewhere.
std::uint64_t checksum(std::uint64_t nonce, std::uint64_t sequence, std::uint32_t kind, std::uint32_t length,
                       Bytes payload)
{
    ByteWriter writer;
    writer.u64(nonce);
    writer.u64(sequence);
    writer.u32(kind);
    writer.u32(length);
    writer.bytes(payload);
    writer.pad();
    return checksum(writer.get());
}

bool has_unique_names(Fingerprint const& fingerprint)
{
    std::set<std::string_view> names;
    return std::ranges::all_of(fingerprint, [&](Field const& field) { return names.insert(field.name).second; });
}

std::vector<std::byte> parts_of(Header const& header)
{
    expects(has_unique_names(header.fingerprint), "names that are unique");
    ByteWriter writer;
    writer.u32(narrow<std::uint32_t>(header.fingerprint.size()));
    for (auto const& [name, value] : header.fingerprint) {
        writer.u32(narrow<std::uint32_t>(name.size()));
        writer.text(name);
        writer.u32(narrow<std::uint32_t>(value.size()));
        writer.text(value);
    }
    writer.u64(header.facts.size());
    writer.text(header.facts);
    writer.u64(header.image.size());
    writer.bytes(header.image);
    writer.pad();
    return writer.get();
}

/// @returns whether the bytes are the parts of a header and no more
bool read_parts(Bytes parts, Header& header)
{
    ByteReader reader{parts};
    auto const fields = reader.u32();
    for (std::uint32_t i = 0; i < fields && reader.ok(); ++i) {
        Field field;
        field.name = reader.text(reader.u32());
        field.value = reader.text(reader.u32());
        header.fingerprint.push_back(std::move(field));
    }
    header.facts = reader.text(reader.u64());
    auto const image = reader.bytes(reader.u64());
    header.image.assign(image.begin(), image.end());
    return reader.ok() && reader.left() < part_alignment && has_unique_names(header.fingerprint);
}

/// @returns bytes of the header
std::uint64_t read_header(Bytes bytes, Contents& contents, std::string const& path)
{
    auto const problem = "cannot read the ledger " + path;
    ByteReader reader{bytes};
    if (reader.text(magic.size()) != magic)
        throw OutputError(problem, "it does not begin as a ledger does", "check the file, or set run.resume: never");
    auto const written = reader.u32();
    if (reader.ok() && written > version)
        throw OutputError(problem,
                          "it is of version " + std::to_string(written) + " and this program knows version " +
                              std::to_string(version),
                          "go on with the dist-infer that began it, or set run.resume: never");
    auto const reserved = reader.u32();
    auto const sum = reader.u64();
    auto const checked = bytes.subspan(bytes.size() - reader.left());
    auto const length = reader.u64();
    contents.nonce = reader.u64();
    auto const parts = reader.bytes(length);
    auto const whole = reader.ok() && written == version && reserved == 0 &&
                       checksum(checked.first(checked.size() - reader.left())) == sum && length % part_alignment == 0 &&
                       read_parts(parts, contents.header);
    if (!whole)
        throw OutputError(problem, "its header is torn or damaged",
                          "set run.resume: never, or remove it, to begin with the first row");
    return front_bytes + length;
}

/// A record as it lies in the file.
struct Framed
{
    std::uint32_t kind = 0;
    Bytes payload;
    std::uint64_t bytes = 0; ///< that it takes in the file
};

/// The record that the bytes begin with, or nothing where it is torn, damaged or not the one of that number.
std::optional<Framed> read_frame(Bytes bytes, std::uint64_t nonce, std::uint64_t sequence)
{
    ByteReader reader{bytes};
    auto const kind = reader.u32();
    auto const length = reader.u32();
    auto const sum = reader.u64();
    auto const payload = reader.bytes(padded(length));
    if (!reader.ok() || checksum(nonce, sequence, kind, length, payload) != sum) return std::nullopt;
    return Framed{kind, payload.first(length), record_front + payload.size()};
}

} // namespace

std::vector<std::byte> encode(Header const& header, std::uint64_t nonce)
{
    auto const parts = parts_of(header);
    ByteWriter checked;
    checked.u64(parts.size());
    checked.u64(nonce);
    checked.bytes(parts);
    ByteWriter writer;
    writer.text(magic);
    writer.u32(version);
    writer.u32(0);
    writer.u64(checksum(checked.get()));
    writer.bytes(checked.get());
    return writer.get();
}

std::vector<std::byte> encode(std::span<Record const> records, std::uint64_t nonce, std::uint64_t sequence)
{
    ByteWriter writer;
    for (auto const& record : records) {
        auto const payload = to_payload(record);
        auto const kind = static_cast<std::uint32_t>(payload.kind);
        auto const length = narrow<std::uint32_t>(payload.bytes.size());
        writer.u32(kind);
        writer.u32(length);
        writer.u64(checksum(nonce, sequence++, kind, length, payload.bytes));
        writer.bytes(payload.bytes);
        writer.pad();
    }
    return writer.get();
}

Contents parse(std::span<std::byte const> bytes, std::string const& path)
{
    Contents contents;
    contents.bytes = read_header(bytes, contents, path);
    while (auto const framed = read_frame(bytes.subspan(contents.bytes), contents.nonce, contents.sequence)) {
        if (is_known(framed->kind)) {
            auto record = from_payload(static_cast<Kind>(framed->kind), framed->payload);
            if (!record) break;
            contents.records.push_back(std::move(*record));
        }
        ++contents.sequence;
        contents.bytes += framed->bytes;
    }
    contents.torn = bytes.size() - contents.bytes;
    return contents;
}

} // namespace distinfer::ledger
