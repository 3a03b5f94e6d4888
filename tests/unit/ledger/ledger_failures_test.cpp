#include "distinfer/core/error.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/ledger/ledger.hpp"
#include "sample.hpp"
#include "support/as_nobody.hpp"
#include "support/expect_error.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>

namespace distinfer::ledger
{

namespace
{

/// Files of this process end at so many bytes as long as it lives: a write beyond is cut short, and the next one fails.
class FileSizeLimit
{
  public:
    explicit FileSizeLimit(std::uint64_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN))
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        struct rlimit const limit = {bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(FileSizeLimit const&) = delete;
    FileSizeLimit& operator=(FileSizeLimit const&) = delete;

  private:
    void (*handler_)(int);
    struct rlimit before_ = {};
};

class LedgerFailuresTest : public testing::Test
{
  protected:
    test::TemporaryFolder folder_;
    std::string path_ = ledger_path(folder_ / "out.h5");
};

} // namespace

TEST_F(LedgerFailuresTest, AnAppendThatFailsHalfwayLeavesTheRecordsBeforeIt)
{
    auto const all = sample_records();
    auto const bounds = record_bounds();
    for (auto limit = bounds[2]; limit < bounds.back(); ++limit) {
        auto ledger = Ledger::create(path_, sample_header());
        ledger.append(std::span{all}.first(2));
        {
            FileSizeLimit const full{limit};
            test::expect_error<OutputError>([&] { ledger.append(std::span{all}.subspan(2)); },
                                            {"cannot append to the ledger " + path_, "File too large", "ulimit -f"});
        }
        ASSERT_EQ(std::filesystem::file_size(path_), bounds[2]) << limit;
        ASSERT_EQ(read_ledger(path_)->records, first_records(2)) << limit;
    }
}

TEST_F(LedgerFailuresTest, AfterAFailureItTakesNoMore)
{
    auto const all = sample_records();
    auto ledger = Ledger::create(path_, sample_header());
    {
        FileSizeLimit const full{record_bounds()[1] + 3};
        EXPECT_THROW(ledger.append(all), OutputError);
    }
    test::expect_error<OutputError>([&] { ledger.append(all); }, {path_, "an earlier write to it failed"});
    test::expect_error<OutputError>([&] { ledger.sync(); }, {path_, "an earlier write to it failed"});
    EXPECT_EQ(read_ledger(path_)->records, std::vector<Record>{});
    Ledger::open(path_)->ledger.append(all);
    EXPECT_EQ(read_ledger(path_)->records, all);
}

TEST_F(LedgerFailuresTest, ACreationThatFailsKeepsTheOldOne)
{
    {
        auto const old = Ledger::create(path_, sample_header());
    }
    {
        FileSizeLimit const full{100};
        test::expect_error<OutputError>([&] { Ledger::create(path_, sample_header()); },
                                        {"cannot create the ledger " + path_, "File too large"});
    }
    EXPECT_EQ(read_ledger(path_)->header, sample_header());
    EXPECT_FALSE(std::filesystem::exists(path_ + ".tmp"));
}

TEST_F(LedgerFailuresTest, AFolderThatIsNotThereIsNamed)
{
    auto const path = folder_ / "no/out.h5.ledger";
    test::expect_error<OutputError>([&] { Ledger::create(path, {}); }, {path, "No such file", "output.file"});
}

TEST_F(LedgerFailuresTest, AClosedFolderOrFileIsNamed)
{
    {
        auto const ledger = Ledger::create(path_, sample_header());
    }
    using std::filesystem::perms;
    std::filesystem::permissions(folder_.path(), perms::owner_all | perms::others_read | perms::others_exec);
    std::filesystem::permissions(path_, perms::owner_read);
    test::AsNobody const nobody;
    test::expect_error<OutputError>([&] { Ledger::create(path_, {}); }, {"create the ledger", "Permission denied"});
    test::expect_error<OutputError>([&] { Ledger::open(path_); }, {"read the ledger", "Permission denied"});
    test::expect_error<OutputError>([&] { read_ledger(path_); }, {"read the ledger", "Permission denied"});
    test::expect_error<OutputError>([&] { remove_ledger(path_); }, {"remove the ledger", "Permission denied"});
}

TEST_F(LedgerFailuresTest, WhatIsNoFileIsRefusedAtOnce)
{
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    test::expect_error<OutputError>([&] { read_ledger(path_); }, {path_, "it is not a file"});
    std::filesystem::remove(path_);
    std::filesystem::create_directory(path_);
    test::expect_error<OutputError>([&] { read_ledger(path_); }, {path_, "it is not a file"});
    test::expect_error<OutputError>([&] { Ledger::open(path_); }, {path_, "Is a directory"});
}

TEST_F(LedgerFailuresTest, ADamagedHeaderIsRefusedAndTheFileKept)
{
    {
        auto const ledger = Ledger::create(path_, sample_header());
    }
    std::filesystem::resize_file(path_, 60);
    test::expect_error<OutputError>([&] { Ledger::open(path_); }, {path_, "header is torn or damaged", "remove it"});
    EXPECT_EQ(std::filesystem::file_size(path_), 60U);
}

} // namespace distinfer::ledger
