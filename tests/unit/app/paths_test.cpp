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

TEST_F(PathsTest, ThePartOfAnOutputIsNoInputEither)
{
    std::ofstream{folder_ / "x.h5.part"} << "data";
    config_.input.files.push_back(folder_ / "x.h5.part");
    EXPECT_THROW(check("x.h5"), OutputError);
}

TEST_F(PathsTest, AReportNeedsItsFolder)
{
    EXPECT_NO_THROW(check_report_folder(""));
    EXPECT_NO_THROW(check_report_folder(folder_.path().string()));
    EXPECT_THROW(check_report_folder(folder_ / "missing"), ConfigError);
}

} // namespace distinfer::app
