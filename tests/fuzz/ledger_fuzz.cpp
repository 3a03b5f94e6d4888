// A ledger of any bytes is refused with an OutputError, or gives records that can be written again.
#include "distinfer/core/error.hpp"
#include "distinfer/ledger/format.hpp"
#include "target.hpp"

#include <xxhash.h>

#include <cstring>

namespace distinfer::fuzz
{

namespace
{

using Bytes = std::span<std::byte const>;

void check(Bytes bytes)
{
    ledger::Contents contents;
    try {
        contents = ledger::parse(bytes, "fuzz.ledger");
    } catch (OutputError const&) {
        return;
    }
    require(contents.bytes + contents.torn == bytes.size(), "every byte is believed or not");
    auto const whole = ledger::parse(bytes.first(contents.bytes), "fuzz.ledger");
    require(whole.torn == 0 && whole.records == contents.records, "what is behind the records does not matter");
    auto written = ledger::encode(contents.header, contents.nonce);
    auto const records = ledger::encode(contents.records, contents.nonce, 0);
    written.insert(written.end(), records.begin(), records.end());
    auto const again = ledger::parse(written, "fuzz.ledger");
    require(again.header == contents.header && again.records == contents.records, "it can be written again");
}

template <class Integer>
void put(Input& bytes, std::size_t at, Integer value)
{
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

template <class Integer>
Integer get(Input const& bytes, std::size_t at)
{
    Integer value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// Puts the checksums of the records right, as docs/ledger-format.md has them, as far as their lengths allow.
void sign_records(Input& bytes, std::size_t at, std::uint64_t nonce)
{
    for (std::uint64_t sequence = 0; bytes.size() - at >= 16; ++sequence) {
        auto const payload = (get<std::uint32_t>(bytes, at + 4) + std::uint64_t{7}) / 8 * 8;
        if (payload > bytes.size() - at - 16) return;
        Input checked(24 + payload);
        put(checked, 0, nonce);
        put(checked, 8, sequence);
        put(checked, 16, get<std::uint64_t>(bytes, at));
        std::memcpy(checked.data() + 24, bytes.data() + at + 16, payload);
        put(bytes, at + 8, std::uint64_t{XXH3_64bits(checked.data(), checked.size())});
        at += 16 + payload;
    }
}

/// The bytes with the frame of a ledger around them, so that what lies behind the checksums is tried too.
Input framed(Bytes bytes)
{
    Input ledger{bytes.begin(), bytes.end()};
    if (ledger.size() < 40) return ledger;
    std::memcpy(ledger.data(),
                "\x89"
                "DINLDG\n\x01\0\0\0\0\0\0\0",
                16);
    auto length = get<std::uint64_t>(ledger, 24);
    if (length % 8 != 0 || length > ledger.size() - 40) length = (ledger.size() - 40) / 8 * 8;
    put(ledger, 24, length);
    put(ledger, 16, std::uint64_t{XXH3_64bits(ledger.data() + 24, 16 + length)});
    sign_records(ledger, 40 + length, get<std::uint64_t>(ledger, 32));
    return ledger;
}

} // namespace

} // namespace distinfer::fuzz

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const bytes = std::as_bytes(std::span{data, size});
    distinfer::fuzz::check(bytes);
    distinfer::fuzz::check(distinfer::fuzz::framed(bytes));
    return 0;
}
