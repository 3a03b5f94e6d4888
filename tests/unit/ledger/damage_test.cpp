// A ledger that was cut, flipped or put together anew: it is refused, or it gives the first records that were written
// and nothing else.
#include "distinfer/core/error.hpp"
#include "sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace distinfer::ledger
{

namespace
{

using Bytes = std::vector<std::byte>;

std::optional<Contents> parsed(Bytes const& bytes)
{
    try {
        return parse(bytes, "out.h5.ledger");
    } catch (OutputError const& error) {
        EXPECT_NE(std::string_view{error.what()}.find("run.resume: never"), std::string_view::npos) << error.what();
        return std::nullopt;
    }
}

/// How many of the sample's records the bytes give; nothing where they are refused.
std::optional<std::size_t> prefix_of_sample(Bytes const& bytes)
{
    auto const contents = parsed(bytes);
    if (!contents) return std::nullopt;
    EXPECT_EQ(contents->header, sample_header());
    EXPECT_EQ(contents->records, first_records(std::min(contents->records.size(), sample_records().size())));
    EXPECT_EQ(contents->bytes + contents->torn, bytes.size());
    return contents->records.size();
}

/// The records of the sample as bytes, one by one.
std::vector<Bytes> pieces(std::uint64_t nonce = sample_nonce)
{
    auto const bytes = ledger_bytes(sample_records(), nonce);
    auto const bounds = record_bounds();
    std::vector<Bytes> pieces;
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i)
        pieces.emplace_back(bytes.begin() + static_cast<std::ptrdiff_t>(bounds[i]),
                            bytes.begin() + static_cast<std::ptrdiff_t>(bounds[i + 1]));
    return pieces;
}

Bytes ledger_of(std::vector<Bytes> const& records)
{
    auto bytes = encode(sample_header(), sample_nonce);
    for (auto const& record : records) bytes.insert(bytes.end(), record.begin(), record.end());
    return bytes;
}

} // namespace

TEST(LedgerDamageTest, CutAtEveryLengthItGivesTheRecordsThatAreWhole)
{
    auto const whole = ledger_bytes(sample_records());
    auto const bounds = record_bounds();
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        auto const found = prefix_of_sample({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
        if (length < bounds.front()) {
            EXPECT_EQ(found, std::nullopt) << length;
        } else {
            auto const records = std::ranges::upper_bound(bounds, length) - bounds.begin() - 1;
            EXPECT_EQ(found, static_cast<std::size_t>(records)) << length;
        }
    }
}

TEST(LedgerDamageTest, AFlippedByteEndsTheRecordsWhereItIs)
{
    auto const whole = ledger_bytes(sample_records());
    auto const bounds = record_bounds();
    for (auto const mask : {0x01, 0x10, 0x80, 0xff}) {
        for (std::size_t at = 0; at < whole.size(); ++at) {
            auto flipped = whole;
            flipped[at] ^= static_cast<std::byte>(mask);
            auto const found = prefix_of_sample(flipped);
            if (at < bounds.front()) {
                EXPECT_EQ(found, std::nullopt) << at;
            } else {
                auto const records = std::ranges::upper_bound(bounds, at) - bounds.begin() - 1;
                EXPECT_EQ(found, static_cast<std::size_t>(records)) << at;
            }
        }
    }
}

TEST(LedgerDamageTest, SwappedRecordsAreNotBelieved)
{
    for (std::size_t i = 0; i < pieces().size(); ++i) {
        for (auto j = i + 1; j < pieces().size(); ++j) {
            auto swapped = pieces();
            std::swap(swapped[i], swapped[j]);
            EXPECT_EQ(prefix_of_sample(ledger_of(swapped)), i) << j;
        }
    }
}

TEST(LedgerDamageTest, RecordsThatAreMissingRepeatedOrMovedAreNotBelieved)
{
    for (std::size_t i = 0; i < pieces().size(); ++i) {
        auto const at = static_cast<std::ptrdiff_t>(i);
        auto missing = pieces();
        missing.erase(missing.begin() + at);
        EXPECT_EQ(prefix_of_sample(ledger_of(missing)), i);
        auto repeated = pieces();
        repeated.insert(repeated.begin() + at, pieces()[i]);
        EXPECT_EQ(prefix_of_sample(ledger_of(repeated)), i + 1);
        auto at_the_end = pieces();
        at_the_end.push_back(pieces()[i]);
        EXPECT_EQ(prefix_of_sample(ledger_of(at_the_end)), pieces().size());
    }
}

TEST(LedgerDamageTest, RecordsOfAnotherLedgerAreNotBelieved)
{
    auto const others = pieces(sample_nonce + 1);
    for (std::size_t i = 0; i < others.size(); ++i) {
        auto mixed = pieces();
        mixed[i] = others[i];
        EXPECT_EQ(prefix_of_sample(ledger_of(mixed)), i);
    }
}

} // namespace distinfer::ledger
