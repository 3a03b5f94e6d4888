#include "distinfer/ledger/ledger.hpp"
#include "fault/ground.hpp"

#include <cstdlib>
#include <filesystem>

namespace distinfer::test
{

namespace
{

bool tries_all()
{
    char const* const wanted = std::getenv("DIST_INFER_TEST_FLIPS");
    return wanted && std::string_view{wanted} == "all";
}

/// A small job that was killed after its second commit: its ledger holds attempts and rows that are done.
class FlipTest : public testing::Test
{
  protected:
    FlipTest()
        : config_(workshop_.config({{"batch: 8", "batch: 8\n  window: 256\n  commit_interval: 0s"}})),
          expected_(workshop_.expected())
    {
        for (auto const* step : {"commit: recorded", "commit: recorded"}) {
            std::vector<std::string> const environment{std::string{"DIST_INFER_TEST_FAIL_POINT="} + step};
            Job job{FAULTS_PROGRAM, config_, {}, {.environment = environment}};
            EXPECT_EQ(job.wait(30), 128 + 9) << job.err();
        }
        ledger_ = workshop_.read("out.h5.ledger");
        part_ = workshop_.read("out.h5.part");
        auto const contents = ledger::parse(std::as_bytes(std::span{ledger_}), "out.h5.ledger");
        header_bytes_ = ledger::encode(contents.header, contents.nonce).size();
        EXPECT_GE(contents.records.size(), 4U);
        auto const done = ledger::rows_in(contents.records).done.size();
        EXPECT_TRUE(done > 0 && done < Workshop::rows) << done;
    }

    /// About ten places in the header and ten in the records, their first and last bytes among them; or all.
    std::vector<std::size_t> places() const
    {
        std::vector<std::size_t> chosen;
        auto const add = [&](std::size_t from, std::size_t to) {
            auto const step = tries_all() ? 1 : std::max<std::size_t>(1, (to - from) / 9);
            for (auto at = from; at < to; at += step) chosen.push_back(at);
            chosen.push_back(to - 1);
        };
        add(0, header_bytes_);
        add(header_bytes_, ledger_.size());
        return chosen;
    }

    /// Goes on with that ledger: it is refused by name, or what it does not say any more is run again.
    void expect_not_believed(std::string const& ledger, bool refused)
    {
        std::filesystem::remove(workshop_ / "out.h5");
        workshop_.write("out.h5.part", part_);
        workshop_.write("out.h5.ledger", ledger);
        auto const ended = run_program({config_});
        ASSERT_EQ(ended.exit_code, refused ? 7 : 0) << ended.err;
        if (refused) {
            ASSERT_EQ(ended.error_lines().size(), 1U) << ended.err;
            EXPECT_NE(ended.err.find("out.h5.ledger"), std::string::npos) << ended.err;
            EXPECT_EQ(workshop_.read("out.h5.ledger"), ledger) << "it is left as it was";
            EXPECT_FALSE(workshop_.exists("out.h5"));
        } else {
            EXPECT_EQ(read_dataset(workshop_ / "out.h5", "/y"), expected_[0].bytes);
            EXPECT_EQ(read_dataset(workshop_ / "out.h5", "/z"), expected_[1].bytes);
        }
    }

    Workshop workshop_;
    std::string config_;
    std::vector<Rows> expected_;
    std::string ledger_;
    std::string part_;
    std::size_t header_bytes_ = 0;
};

} // namespace

TEST_F(FlipTest, AByteOfTheLedgerThatIsFlippedIsNeverBelieved)
{
    for (auto const at : places()) {
        SCOPED_TRACE(at);
        auto flipped = ledger_;
        flipped[at] = static_cast<char>(~flipped[at]);
        expect_not_believed(flipped, at < header_bytes_);
    }
    std::printf("%zu bytes flipped, of %zu\n", places().size(), ledger_.size());
}

TEST_F(FlipTest, ALedgerThatIsCutShortIsNeverBelieved)
{
    for (auto const length : places()) {
        SCOPED_TRACE(length);
        expect_not_believed(ledger_.substr(0, length), length < header_bytes_);
    }
    std::printf("cut at %zu lengths, of %zu\n", places().size(), ledger_.size());
}

} // namespace distinfer::test
