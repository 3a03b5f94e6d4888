#include "fault/ground.hpp"
#include "unit/io/full_disk.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace distinfer::test
{

namespace
{

namespace fs = std::filesystem;

void expect_one_error(std::string const& err, std::initializer_list<std::string> says)
{
    Ended const ended{.err = err};
    ASSERT_EQ(ended.error_lines().size(), 1U) << err;
    for (auto const& words : says)
        EXPECT_NE(ended.error_lines()[0].find(words), std::string::npos) << words << "\n" << ended.error_lines()[0];
}

/// The job, its input being well again, makes what it would have made. @param code with which it failed
void expect_gone_on(Ground const& ground, int code)
{
    EXPECT_EQ(ground.status(), code);
    auto const ended = run_program({ground.config(), "--set", "run.resume=require"}, {.ranks = 2});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    ground.expect_right_output();
}

void wait_for_rows(Job const& job, Ground const& ground)
{
    job.runs_until([&] { return ground.workshop().exists("out.h5.ledger"); });
    auto const begun = ground.ledger_bytes();
    job.runs_until([&] { return ground.ledger_bytes() >= begun + 200; });
}

/// Keeps a file, and puts it back as it was, time and all.
class Kept
{
  public:
    explicit Kept(std::string path) : path_(std::move(path)), time_(fs::last_write_time(path_))
    {
        fs::copy_file(path_, path_ + ".kept");
    }

    std::string const& path() const { return path_; }

    void put_back() const
    {
        fs::rename(path_ + ".kept", path_);
        set_time();
    }

    /// A damage that nobody sees from outside.
    void set_time() const { fs::last_write_time(path_, time_); }

  private:
    std::string path_;
    fs::file_time_type time_;
};

/// A job whose last chunk is damaged says so, and keeps the rows before it.
void damage_last_chunk(StoredAs const& stored, std::initializer_list<std::string> says)
{
    Ground const ground{{.rows = 400, .window = "1KiB", .commit_interval = "1ms", .ranks = 0, .stored = stored}};
    Kept const input{ground.workshop() / "many.h5"};
    flip_bits(input.path(), fs::file_size(input.path()) - 400, 8);
    input.set_time();

    auto const ended = run_program({ground.config()});

    EXPECT_EQ(ended.exit_code, 3) << ended.err;
    expect_one_error(ended.err, says);
    input.put_back();
    expect_gone_on(ground, 3);
}

} // namespace

TEST(DamageTest, ADeflateChunkThatIsCorrupt)
{
    damage_last_chunk({.chunk = {40, 6}, .deflate = 6}, {"many.h5", "/x", "rows ", "deflate", "copy it again"});
}

TEST(DamageTest, AChecksumThatDoesNotMatch)
{
    damage_last_chunk({.chunk = {40, 6}, .fletcher32 = true}, {"many.h5", "/x", "rows ", "checksum", "copy it again"});
}

TEST(DamageTest, AnInputThatIsCutInMidRun)
{
    Ground const ground;
    Kept const input{ground.workshop() / "many.h5"};
    Job job{PROGRAM, ground.config(), {}, {.ranks = 2}};
    wait_for_rows(job, ground);
    fs::resize_file(input.path(), fs::file_size(input.path()) / 2);
    EXPECT_EQ(job.wait(30), 3) << job.err();
    expect_one_error(job.err(), {"many.h5", "rows are recorded, and kept for the next run"});
    input.put_back();
    expect_gone_on(ground, 3);
}

TEST(DamageTest, AnInputThatIsReplacedInMidRun)
{
    Ground const ground;
    Kept const input{ground.workshop() / "many.h5"};
    Job job{PROGRAM, ground.config(), {}, {.ranks = 2}};
    wait_for_rows(job, ground);
    fs::copy_file(input.path(), ground.workshop() / "other.h5");
    fs::rename(ground.workshop() / "other.h5", input.path());
    EXPECT_EQ(job.wait(30), 3) << job.err();
    expect_one_error(job.err(), {"many.h5 has changed while the job read it", "start anew with run.resume: never"});
    auto const refused = run_program({ground.config()});
    EXPECT_EQ(refused.exit_code, 7) << refused.err;
    expect_one_error(refused.err, {"input file 1", "many.h5"});
    input.put_back();
    expect_gone_on(ground, 7); // of the start that was refused
}

/// Its rows have their place from the start; the ledger and the attributes find none.
TEST(DamageTest, ADiskThatFillsUpInMidRun)
{
    Ground const ground;
    io::SmallDisk const disk{ground.workshop() / "disk", "size=4m"};
    // ctest would take the whole program as skipped where one test says so; StorageTest fills a disk without one.
    if (!disk.mounted()) return;
    auto const output = ground.workshop() / "disk/out.h5";
    std::vector<std::string> const options{"--set", "output.file=" + output};
    Job job{PROGRAM, ground.config(), options, {.ranks = 2}};
    ASSERT_TRUE(job.runs_until([&] { return fs::exists(output + ".ledger"); })) << job.err();
    {
        std::ofstream filler{ground.workshop() / "disk/filler", std::ios::binary};
        while (filler.put('x')) {
        }
    }
    EXPECT_EQ(job.wait(30), 7) << job.err();
    expect_one_error(job.err(), {"out.h5", "No space left on device", "room"});
    EXPECT_FALSE(fs::exists(output));

    fs::remove(ground.workshop() / "disk/filler");
    auto const next = run_program({ground.config(), options[0], options[1]}, {.ranks = 2});
    EXPECT_EQ(next.exit_code, 0) << next.err;
    fs::copy_file(output, ground.workshop() / "out.h5");
    ground.expect_right_output();
}

TEST(DamageTest, AnOutputThatIsLargerThanTheDisk)
{
    Ground const ground;
    io::SmallDisk const disk{ground.workshop() / "disk"};
    if (!disk.mounted()) return;
    auto const ended =
        run_program({ground.config(), "--set", "output.file=" + (ground.workshop() / "disk/out.h5")}, {.ranks = 2});
    EXPECT_EQ(ended.exit_code, 7) << ended.err;
    expect_one_error(ended.err, {"not enough space for ", "disk/out.h5", "are free", "make room"});
}

} // namespace distinfer::test
