#include "distinfer/app/report_file.hpp"

#include <gtest/gtest.h>

namespace distinfer::app
{

TEST(ReportPathTest, IsBesideTheOutputUnlessSaid)
{
    EXPECT_EQ(report_path("", "results/out.h5"), "results/report.json");
    EXPECT_EQ(report_path("", "out.h5"), "report.json");
    EXPECT_EQ(report_path("reports", "results/out.h5"), "reports/report.json");
    EXPECT_EQ(report_path("", ""), "");
}

TEST(LastLineTest, IsStableForScripts)
{
    EXPECT_EQ(last_line({.rows = 10, .rows_stored = 10, .output_file = "o.h5", .setup_seconds = 0.5, .run_seconds = 2}),
              "done rows=10 seconds=2.000 rows_per_s=5 setup_seconds=0.500 output=o.h5");
    EXPECT_EQ(last_line({.exit_code = ExitCode::model}), "failed exit_code=4");
    EXPECT_EQ(last_line({.exit_code = ExitCode::skipped,
                         .rows = 10,
                         .rows_stored = 10,
                         .rows_skipped = 3,
                         .output_file = "o.h5",
                         .setup_seconds = 0.5,
                         .run_seconds = 2}),
              "done rows=10 skipped=3 seconds=2.000 rows_per_s=5 setup_seconds=0.500 output=o.h5");
    EXPECT_EQ(last_line({.exit_code = ExitCode::skipped, .error = "it is there", .rows_stored = 10, .rows_skipped = 3}),
              "complete exit_code=8 rows=10 skipped=3");
}

} // namespace distinfer::app
