#include "distinfer/ledger/ledger.hpp"
#include "distinfer/ledger/record.hpp"
#include "fault/crash_images.hpp"
#include "fault/ground.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

namespace distinfer::test
{

namespace
{

constexpr std::size_t usual_images = 150;

/// More of them where tools/soak asks, fewer where CI does.
std::size_t images_wanted()
{
    char const* const wanted = std::getenv("DIST_INFER_TEST_IMAGES");
    return wanted ? std::strtoul(wanted, nullptr, 10) : usual_images;
}

/// How a job is run, and how often: one that ends at a fail point is started a second time.
struct Recording
{
    std::string fail_point;
    std::vector<std::string> options;
    int ranks = 0;
};

/// The calls of a job, of all of its runs.
struct Recorded
{
    std::vector<IoCall> calls;
    std::size_t last_run = 0; ///< the first call of the last run
};

Recorded record(Ground const& ground, Recording const& recording)
{
    ground.remove_output();
    TemporaryFolder const folder;
    auto environment = tracing(ground.workshop().folder(), folder / "trace");
    environment.emplace_back("LD_PRELOAD=" SHIM);
    Start const start{.ranks = recording.ranks, .environment = environment};
    Recorded recorded;
    if (!recording.fail_point.empty()) {
        auto first = start;
        first.environment.push_back("DIST_INFER_TEST_FAIL_POINT=" + recording.fail_point);
        Job job{FAULTS_PROGRAM, ground.config(), recording.options, first};
        EXPECT_NE(job.wait(30), 0) << "the step was not reached";
        recorded.last_run = read_trace(folder / "trace").size();
    }
    auto arguments = recording.options;
    arguments.insert(arguments.begin(), ground.config());
    auto const ended = run_program(arguments, start);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    recorded.calls = read_trace(folder / "trace");
    return recorded;
}

/// Rows that no crash may lose: the ledger has them, and is durable.
std::uint64_t committed_rows(Files const& durable)
{
    auto const ledger = durable.find("out.h5.ledger");
    if (ledger == durable.end()) return 0;
    auto const contents = ledger::parse(std::as_bytes(std::span{ledger->second}), "out.h5.ledger");
    return ledger::rows_in(contents.records).done.size();
}

/// Puts the files there as they are after a crash, and sees what the next run makes of them.
void expect_gone_on(Ground const& ground, Files const& image, std::uint64_t committed)
{
    ground.remove_output();
    for (auto const& [name, content] : image) ground.workshop().write(name, content);
    if (ground.status() == 0) {
        ground.expect_right_rows();
        if (!image.contains("out.h5.ledger")) return;
    }
    auto const ended = run_program({ground.config()});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    ground.expect_right_output();
    auto const report = nlohmann::json::parse(ground.workshop().read("report.json"));
    EXPECT_GE(report["result"]["rows_resumed"].get<std::uint64_t>(), committed) << "a committed row was run again";
}

std::string text_of(IoCall const& call)
{
    return std::string{static_cast<char>(call.kind)} + " " + call.name + " " + std::to_string(call.offset);
}

/// Tries images, each kind of them once.
class Images
{
  public:
    explicit Images(Ground const& ground) : ground_(ground) {}

    void expect_gone_on(std::span<IoCall const> calls, Files const& image)
    {
        auto const committed = committed_rows(durable(calls));
        ++drawn_;
        if (!tried_.emplace(image, committed).second) return;
        SCOPED_TRACE("after " + std::to_string(calls.size()) + " calls, the last " + text_of(calls.back()));
        test::expect_gone_on(ground_, image, committed);
    }

    /// Power losses during the last run, until so many images were different or no new ones turn up.
    void expect_power_losses(Recorded const& recorded, std::size_t images, unsigned seed)
    {
        auto const& [calls, last_run] = recorded;
        std::mt19937 random{seed};
        for (std::size_t draw = 0; draw < 10 * images && tried_.size() < images; ++draw) {
            auto const done = last_run + 1 + random() % (calls.size() - last_run);
            std::span const before{calls.data(), done};
            expect_gone_on(before, after_power_loss(before, random));
            if (testing::Test::HasFailure()) return;
        }
    }

    ~Images() { std::printf("%d images, %zu of them different\n", drawn_, tried_.size()); }

  private:
    Ground const& ground_;
    std::set<std::pair<Files, std::uint64_t>> tried_;
    int drawn_ = 0;
};

} // namespace

TEST(CrashImageTest, AKillAtAnyCallIsGoneOnFrom)
{
    auto const ground = Ground::small(100);
    auto const calls = record(ground, {}).calls;
    ASSERT_GT(calls.size(), 50U);
    Images images{ground};
    auto const step = std::max<std::size_t>(1, usual_images / images_wanted());
    for (std::size_t done = 1; done <= calls.size() && !HasFailure(); done += step) {
        std::span const before{calls.data(), done};
        images.expect_gone_on(before, after_kill(before));
    }
}

TEST(CrashImageTest, APowerLossAtAnyCallIsGoneOnFrom)
{
    auto const ground = Ground::small(100);
    Images{ground}.expect_power_losses(record(ground, {}), images_wanted() / 2, 1);
}

TEST(CrashImageTest, APowerLossOfRanksThatWriteThemselvesIsGoneOnFrom)
{
    auto const ground = Ground::small(100);
    Recording const direct{{}, {"--set", "output.write=direct", "--set", "input.read=direct"}, 2};
    Images{ground}.expect_power_losses(record(ground, direct), images_wanted() / 4, 2);
}

/// What a killed run has not made durable, the next one has read and believed.
TEST(CrashImageTest, APowerLossAfterAKillIsGoneOnFrom)
{
    auto const ground = Ground::small(100);
    unsigned seed = 3;
    for (auto const* step : {"commit: appended", "finish: attributes are written", "finish: renamed"}) {
        SCOPED_TRACE(step);
        Images{ground}.expect_power_losses(record(ground, {step, {}, 0}), images_wanted() / 12, seed++);
    }
}

} // namespace distinfer::test
