#include "distinfer/app/paths.hpp"
#include "distinfer/core/error.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace distinfer::app
{

namespace
{

class PathsTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        for (auto const* name : {"in.h5", "model.pt", "config.yaml"}) std::ofstream{folder_ / name} << name;
        config_.input.files = {folder_ / "in.h5"};
        config_.model.path = folder_ / "model.pt";
        config_.output.file = folder_ / "out.h5";
    }

    void check(std::string const& output)
    {
        config_.output.file = folder_ / output;
        check_no_overlap(config_, folder_ / "config.yaml");
    }

    test::TemporaryFolder folder_;
    config::Config config_;
};

} // namespace

TEST_F(PathsTest, AnOutputOfItsOwnIsFine)
{
    EXPECT_NO_THROW(check("out.h5"));
}

TEST_F(PathsTest, AnOutputThatWouldReplaceWhatItIsMadeOfIsRefused)
{
    std::filesystem::create_symlink(folder_ / "in.h5", folder_ / "link.h5");
    for (auto const* name : {"in.h5", "model.pt", "config.yaml", "report.json", "link.h5"})
        EXPECT_THROW(check(name), OutputError) << name;
    EXPECT_THROW(check("../" + folder_.path().filename().string() + "/in.h5"), OutputError);
}

/// A job makes, replaces or removes these, too.
TEST_F(PathsTest, WhatLiesBesideAnOutputIsNothingThatTheJobReads)
{
    for (auto const* name : {"x.h5.part", "x.h5.lock", "x.h5.ledger", "report.json"})
        for (auto const& read : {std::string{name}, "../" + folder_.path().filename().string() + "/" + name}) {
            SCOPED_TRACE(read);
            std::ofstream{folder_ / name} << "data";
            auto const good = config_;
            config_.input.files.push_back(folder_ / read);
            EXPECT_THROW(check("x.h5"), OutputError) << "an input";
            config_ = good;
            config_.model.path = folder_ / read;
            EXPECT_THROW(check("x.h5"), OutputError) << "the model";
            config_ = good;
            config_.output.file = folder_ / "x.h5";
            EXPECT_THROW(check_no_overlap(config_, folder_ / read), OutputError) << "the config";
        }
}

TEST_F(PathsTest, AReportInAFolderOfItsOwnReplacesNothing)
{
    std::ofstream{folder_ / "report.json"} << "data";
    std::filesystem::create_directory(folder_ / "reports");
    config_.input.files.push_back(folder_ / "report.json");
    config_.report.dir = folder_ / "reports";
    EXPECT_NO_THROW(check("out.h5"));
}

TEST_F(PathsTest, AReportNeedsItsFolder)
{
    EXPECT_NO_THROW(check_report_folder(""));
    EXPECT_NO_THROW(check_report_folder(folder_.path().string()));
    EXPECT_THROW(check_report_folder(folder_ / "missing"), ConfigError);
}

} // namespace distinfer::app
