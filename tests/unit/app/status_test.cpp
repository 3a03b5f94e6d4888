#include "distinfer/app/facts.hpp"
#include "distinfer/app/status.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/output_lock.hpp"
#include "distinfer/io/output_path.hpp"
#include "distinfer/ledger/ledger.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>

namespace distinfer::app
{

namespace
{

namespace fs = std::filesystem;
using Json = nlohmann::json;

class StatusTest : public testing::Test
{
  protected:
    /// Leaves what a job leaves that has recorded 40 of 100 rows.
    void leave_some() const
    {
        file::write_atomically(io::part_path(output_), "a part");
        ledger::Header header;
        header.facts = encode(OutputFacts{.rows = 100, .threads = 1});
        auto ledger = ledger::Ledger::create(ledger::ledger_path(output_), header);
        ledger::Record const record{ledger::Done{{0, 40}}};
        ledger.append({&record, 1});
    }

    /// Writes a report. @param seconds after the ledger's last change, where there is one
    void report(Json const& json, int seconds = 0) const
    {
        file::write_atomically(report_, json.dump());
        auto const ledger = ledger::ledger_path(output_);
        if (fs::exists(ledger))
            fs::last_write_time(report_, fs::last_write_time(ledger) + std::chrono::seconds{seconds});
    }

    Json failure(Json const& code = 4) const
    {
        return {{"exit_code", code}, {"error", "a batch fails"}, {"output_file", output_}};
    }

    void expect(ExitCode code, std::string const& text) const
    {
        auto const status = status_of(output_, report_);
        EXPECT_EQ(status.code, code) << status.text;
        EXPECT_EQ(status.text, text);
    }

    void expect_not_begun() const { expect(ExitCode::interrupted, "not begun: there is no " + output_); }

    void expect_resumable() const { expect(ExitCode::interrupted, "resumable: 40 of 100 rows are recorded (40 %)"); }

    test::TemporaryFolder folder_;
    std::string output_ = folder_ / "out.h5";
    std::string report_ = folder_ / "report.json";
};

} // namespace

TEST_F(StatusTest, AFailureIsTold)
{
    expect_not_begun();
    report(failure());
    expect(ExitCode::model, "failed: a batch fails");
}

TEST_F(StatusTest, AReportOfAnotherOutputOfTheFolderIsIgnored)
{
    auto other = failure();
    for (auto const& name : {folder_ / "other.h5", std::string{"other.h5"}, std::string{}}) {
        other["output_file"] = name;
        report(other);
        expect_not_begun();
    }
}

TEST_F(StatusTest, TheOutputMayBeNamedInAnotherWay)
{
    fs::create_directory(folder_ / "sub");
    for (auto const& name : {folder_ / "sub/../out.h5", std::string{"elsewhere/out.h5"}}) {
        auto same = failure();
        same["output_file"] = name;
        report(same);
        expect(ExitCode::model, "failed: a batch fails");
    }
}

TEST_F(StatusTest, AnOddReportIsIgnored)
{
    for (Json const& code : {Json(0), Json(8), Json(1), Json(-4), Json(4294967300), Json(18446744073709551615U),
                             Json("4"), Json(4.0), Json(nullptr), Json::array({4})}) {
        report(failure(code));
        expect_not_begun();
    }
    for (auto const* key : {"exit_code", "error", "output_file"}) {
        auto odd = failure();
        odd[key] = Json::object();
        report(odd);
        expect_not_begun();
        odd.erase(key);
        report(odd);
        expect_not_begun();
    }
    for (auto const* text : {"", "{", "null", "[4]", "\"failed\"", "\xff\xfe"}) {
        file::write_atomically(report_, text);
        expect_not_begun();
    }
    fs::remove(report_);
    fs::create_directory(report_);
    expect_not_begun();
}

TEST_F(StatusTest, AFailureWithRecordedRowsSaysBoth)
{
    leave_some();
    expect_resumable();
    report(failure());
    expect(ExitCode::model, "failed: a batch fails; 40 of 100 rows are recorded (40 %), and a run goes on with them");
    report(failure(75));
    expect_resumable();
}

TEST_F(StatusTest, AFailureBeforeTheLastRecordIsOver)
{
    leave_some();
    report(failure(), -5);
    expect_resumable();
}

TEST_F(StatusTest, AFailureWithoutThePartHasNothingToGoOnWith)
{
    leave_some();
    fs::remove(io::part_path(output_));
    report(failure());
    expect_resumable();
}

TEST_F(StatusTest, AJobThatRunsIsRunningWhateverTheLastOneSaid)
{
    leave_some();
    report(failure());
    io::OutputLock const lock{output_, {.host = "here", .boot = io::boot_of_host(), .job = {}}};
    expect(ExitCode::interrupted, "running: 40 of 100 rows are recorded (40 %)");
}

/// It was to overwrite the output; who asks wants to know of the job that was started last.
TEST_F(StatusTest, AJobThatFailedBehindACompleteOutputIsTold)
{
    file::write_atomically(output_, "\x89HDF\r\n\x1a\n and more");
    report(failure());
    fs::last_write_time(report_, fs::last_write_time(output_) + std::chrono::seconds{5});
    expect(ExitCode::model, "failed: a batch fails; " + output_ + " is there, as an earlier job made it");
    fs::last_write_time(report_, fs::last_write_time(output_) - std::chrono::seconds{5});
    expect(ExitCode::done, "complete: " + output_);
}

TEST_F(StatusTest, AnotherFileInThePlaceOfTheOutputIsNotComplete)
{
    file::write_atomically(output_, "notes");
    expect(ExitCode::output, "there is a file at " + output_ + " that is no output of dist-infer");
    file::write_atomically(output_, "\x89HDF\r\n\x1a\n and more");
    expect(ExitCode::done, "complete: " + output_);
}

} // namespace distinfer::app
