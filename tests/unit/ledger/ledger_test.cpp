#include "distinfer/file/file.hpp"
#include "distinfer/ledger/ledger.hpp"
#include "sample.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

namespace distinfer::ledger
{

namespace
{

class LedgerTest : public testing::Test
{
  protected:
    std::vector<Record> records() const { return read_ledger(path_).value().records; }

    void overwrite(std::span<std::byte const> bytes) const
    {
        file::write_atomically(path_, {reinterpret_cast<char const*>(bytes.data()), bytes.size()});
    }

    std::size_t files() const
    {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{folder_.path()}, {}));
    }

    test::TemporaryFolder folder_;
    std::string path_ = ledger_path(folder_ / "out.h5");
};

} // namespace

TEST_F(LedgerTest, LiesBesideItsOutput)
{
    EXPECT_EQ(ledger_path("data/out.h5"), "data/out.h5.ledger");
}

TEST_F(LedgerTest, WhereNoneIsThereIsNothingToReadOrOpen)
{
    EXPECT_EQ(read_ledger(path_), std::nullopt);
    EXPECT_FALSE(Ledger::open(path_).has_value());
    EXPECT_EQ(files(), 0U);
}

TEST_F(LedgerTest, HoldsWhatWasAppendedOverSeveralJobs)
{
    auto const all = sample_records();
    {
        auto ledger = Ledger::create(path_, sample_header());
        EXPECT_EQ(records(), std::vector<Record>{});
        ledger.append(std::span{all}.first(2));
        ledger.append({});
        ledger.append(std::span{all}.subspan(2, 1));
        ledger.sync();
    }
    auto opened = Ledger::open(path_);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened->contents.header, sample_header());
    EXPECT_EQ(opened->contents.records, first_records(3));
    opened->ledger.append(std::span{all}.subspan(3));
    opened->ledger.sync();
    EXPECT_EQ(records(), all);
    EXPECT_EQ(files(), 1U);
}

TEST_F(LedgerTest, CreatingReplacesTheOldOne)
{
    auto const all = sample_records();
    auto old = Ledger::create(path_, {.facts = "old"});
    old.append(all);
    auto const nonce = read_ledger(path_)->nonce;
    auto const fresh = Ledger::create(path_, sample_header());
    old.append(all);
    EXPECT_EQ(read_ledger(path_)->header, sample_header());
    EXPECT_EQ(records(), std::vector<Record>{});
    EXPECT_NE(read_ledger(path_)->nonce, nonce);
}

TEST_F(LedgerTest, WhatAKilledCreatorLeftIsReplaced)
{
    file::write_atomically(path_ + ".tmp", std::string(5000, 'x'));
    auto const ledger = Ledger::create(path_, sample_header());
    EXPECT_EQ(std::filesystem::file_size(path_), encode(sample_header(), 0).size());
    EXPECT_EQ(files(), 1U);
}

TEST_F(LedgerTest, AppendsBehindWhatIsWholeWhereverItWasTorn)
{
    auto const whole = ledger_bytes(sample_records());
    std::vector<Record> const more{Done{{512, 640}}, Attempt{"resumed"}};
    for (auto length = record_bounds().front(); length <= whole.size(); ++length) {
        overwrite(std::span{whole}.first(length));
        auto expected = records();
        auto opened = Ledger::open(path_);
        ASSERT_EQ(opened->contents.records, expected);
        ASSERT_EQ(std::filesystem::file_size(path_), opened->contents.bytes);
        opened->ledger.append(more);
        expected.insert(expected.end(), more.begin(), more.end());
        ASSERT_EQ(records(), expected) << length;
    }
}

TEST_F(LedgerTest, RecordsBehindADamagedOneDoNotComeBack)
{
    auto damaged = ledger_bytes(sample_records());
    damaged[record_bounds()[1] + 20] ^= std::byte{1};
    overwrite(damaged);
    auto opened = Ledger::open(path_);
    // It takes the damaged record's place to the byte.
    opened->ledger.append(std::vector<Record>{Done{{64, 128}}});
    EXPECT_EQ(records(), (std::vector<Record>{sample_records()[0], Done{{64, 128}}}));
}

TEST_F(LedgerTest, ReadingChangesNothing)
{
    auto const torn = ledger_bytes(sample_records());
    overwrite(std::span{torn}.first(torn.size() - 3));
    auto const contents = read_ledger(path_);
    EXPECT_GT(contents->torn, 0U);
    EXPECT_EQ(std::filesystem::file_size(path_), torn.size() - 3);
}

TEST_F(LedgerTest, MayBeReadWhileAJobAppends)
{
    constexpr std::uint64_t windows = 2000;
    auto ledger = Ledger::create(path_, sample_header());
    std::atomic<bool> done = false;
    std::jthread const writer{[&] {
        for (std::uint64_t i = 0; i < windows; ++i)
            ledger.append(std::vector<Record>{Done{{i, i + 1}}, Attempt{std::string(i % 50, 'x')}});
        done = true;
    }};
    std::size_t seen = 0;
    for (auto last = false; !last;) {
        last = done;
        auto const found = records();
        ASSERT_GE(found.size(), seen);
        seen = found.size();
        for (std::size_t i = 0; i < seen; i += 2) ASSERT_EQ(found[i], (Record{Done{{i / 2, i / 2 + 1}}}));
    }
    EXPECT_EQ(seen, 2 * windows);
}

TEST_F(LedgerTest, RemovingLeavesNothingAndMayBeRepeated)
{
    {
        auto const ledger = Ledger::create(path_, sample_header());
    }
    remove_ledger(path_);
    EXPECT_EQ(files(), 0U);
    remove_ledger(path_);
}

} // namespace distinfer::ledger
