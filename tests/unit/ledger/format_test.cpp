#include "distinfer/core/error.hpp"
#include "distinfer/ledger/format.hpp"
#include "sample.hpp"
#include "support/expect_error.hpp"

#include <gtest/gtest.h>
#include <xxhash.h>

#include <cstring>

namespace distinfer::ledger
{

namespace
{

template <class Integer>
Integer read(std::span<std::byte const> bytes, std::size_t at)
{
    Integer value = 0;
    std::memcpy(&value, bytes.subspan(at, sizeof value).data(), sizeof value);
    return value;
}

template <class Integer>
void append(std::vector<std::byte>& bytes, Integer value)
{
    bytes.resize(bytes.size() + sizeof value);
    std::memcpy(bytes.data() + bytes.size() - sizeof value, &value, sizeof value);
}

/// A record as docs/ledger-format.md has it, of any kind. @pre the payload is a multiple of 8 bytes
std::vector<std::byte> record_bytes(std::uint64_t sequence, std::uint32_t kind, std::vector<std::byte> const& payload)
{
    std::vector<std::byte> checked;
    append(checked, sample_nonce);
    append(checked, sequence);
    append(checked, kind);
    append(checked, static_cast<std::uint32_t>(payload.size()));
    checked.insert(checked.end(), payload.begin(), payload.end());
    std::vector<std::byte> record{checked.begin() + 16, checked.begin() + 24};
    append(record, std::uint64_t{XXH3_64bits(checked.data(), checked.size())});
    record.insert(record.end(), payload.begin(), payload.end());
    return record;
}

std::vector<std::byte> joined(std::vector<std::byte> bytes, std::initializer_list<std::vector<std::byte>> parts)
{
    for (auto const& part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
    return bytes;
}

std::vector<std::byte> range_bytes(std::uint64_t begin, std::uint64_t end)
{
    std::vector<std::byte> bytes;
    append(bytes, begin);
    append(bytes, end);
    return bytes;
}

} // namespace

TEST(LedgerFormatTest, GivesBackWhatWasWritten)
{
    auto const bytes = ledger_bytes(sample_records());
    auto const contents = parse(bytes, "l");
    EXPECT_EQ(contents.header, sample_header());
    EXPECT_EQ(contents.nonce, sample_nonce);
    EXPECT_EQ(contents.records, sample_records());
    EXPECT_EQ(contents.sequence, sample_records().size());
    EXPECT_EQ(contents.bytes, bytes.size());
    EXPECT_EQ(contents.torn, 0U);
}

TEST(LedgerFormatTest, EmptyAndLargePartsAreFine)
{
    Header const empty;
    EXPECT_EQ(parse(encode(empty, 0), "l").header, empty);
    Header const large{.fingerprint = {{"", std::string(70000, 'v')}},
                       .facts = std::string(100001, 'f'),
                       .image = std::vector<std::byte>(3000003, std::byte{7})};
    EXPECT_EQ(parse(encode(large, 1), "l").header, large);
}

TEST(LedgerFormatTest, TextMayHoldAnyByte)
{
    Header const header{.fingerprint = {{std::string("a\0b", 3), "\xff\n"}}, .facts = std::string(9, '\0')};
    EXPECT_EQ(parse(encode(header, 1), "l").header, header);
}

TEST(LedgerFormatTest, LiesAsTheDocumentSays)
{
    auto const bytes = ledger_bytes({Done{{3, 5}}});
    std::string_view const magic = "\x89"
                                   "DINLDG\n";
    EXPECT_EQ(std::memcmp(bytes.data(), magic.data(), 8), 0);
    EXPECT_EQ(read<std::uint32_t>(bytes, 8), 1U);
    EXPECT_EQ(read<std::uint32_t>(bytes, 12), 0U);
    auto const length = read<std::uint64_t>(bytes, 24);
    EXPECT_EQ(read<std::uint64_t>(bytes, 16), XXH3_64bits(bytes.data() + 24, 16 + length));
    EXPECT_EQ(read<std::uint64_t>(bytes, 32), sample_nonce);
    EXPECT_EQ(read<std::uint32_t>(bytes, 40), 3U);
    EXPECT_EQ(read<std::uint32_t>(bytes, 44), 12U);
    EXPECT_EQ(std::memcmp(bytes.data() + 48, "model sha256", 12), 0);
    EXPECT_EQ(joined(encode(sample_header(), sample_nonce), {record_bytes(0, 1, range_bytes(3, 5))}), bytes);
}

TEST(LedgerFormatTest, UnknownKindsAreSkippedAndCounted)
{
    auto const bytes = joined(ledger_bytes({Done{{0, 1}}}),
                              {record_bytes(1, 77, bytes_of("whatever")), record_bytes(2, 1, range_bytes(1, 2))});
    auto const contents = parse(bytes, "l");
    EXPECT_EQ(contents.records, (std::vector<Record>{Done{{0, 1}}, Done{{1, 2}}}));
    EXPECT_EQ(contents.sequence, 3U);
    EXPECT_EQ(contents.torn, 0U);
}

TEST(LedgerFormatTest, ARecordThatIsNoneOfItsKindEndsTheReading)
{
    for (auto const& payload :
         {range_bytes(2, 1), bytes_of("8 bytes."), joined(range_bytes(1, 2), {bytes_of("8 bytes.")})}) {
        auto const bytes =
            joined(ledger_bytes({}), {record_bytes(0, 1, payload), record_bytes(1, 1, range_bytes(1, 2))});
        EXPECT_EQ(parse(bytes, "l").records, std::vector<Record>{});
    }
}

TEST(LedgerFormatTest, ZerosBehindTheRecordsAreNoRecords)
{
    for (auto const zeros : {1U, 8U, 16U, 24U, 4096U}) {
        auto const contents = parse(joined(ledger_bytes(sample_records()), {std::vector<std::byte>(zeros)}), "l");
        EXPECT_EQ(contents.records, sample_records());
        EXPECT_EQ(contents.torn, zeros);
    }
}

TEST(LedgerFormatTest, ALaterVersionIsRefusedByItsNumber)
{
    auto bytes = ledger_bytes({});
    bytes[8] = std::byte{7};
    test::expect_error<OutputError>([&] { parse(bytes, "out.h5.ledger"); },
                                    {"cannot read the ledger out.h5.ledger", "version 7", "version 1", "run.resume"});
}

TEST(LedgerFormatTest, WhatIsNoLedgerIsRefused)
{
    for (auto const* const text : {"", "{}", "a file that is no ledger at all, but longer than its header"})
        test::expect_error<OutputError>([&] { parse(bytes_of(text), "x"); },
                                        {"ledger x", "does not begin as a ledger"});
}

TEST(LedgerFormatTest, NamesThatAreNotUniqueAreABug)
{
    EXPECT_THROW(encode(Header{.fingerprint = {{"a", "1"}, {"a", "2"}}}, 0), InternalError);
}

} // namespace distinfer::ledger
