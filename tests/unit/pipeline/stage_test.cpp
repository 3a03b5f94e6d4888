#include "distinfer/pipeline/stage.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace distinfer::pipeline
{

namespace
{

Outcome wait_for_outcome(Stage& stage, Wakeup& wakeup)
{
    for (;;) {
        if (auto outcome = stage.poll()) return std::move(*outcome);
        wakeup.wait_for(std::chrono::milliseconds{10});
    }
}

} // namespace

TEST(StageTest, OutcomesComeInOrderWithTheirBytes)
{
    Wakeup wakeup;
    BufferPool pool{3};
    Stage stage{{.work = [](auto window, auto, auto out) { out[0] = static_cast<std::byte>(window); },
                 .pool = &pool,
                 .out_bytes = [](auto) { return 1; }},
                wakeup};
    for (std::uint64_t window = 0; window < 20; ++window) stage.push({{window, 0}, {}});
    for (std::uint64_t window = 0; window < 20; ++window) {
        auto const outcome = wait_for_outcome(stage, wakeup);
        EXPECT_EQ(outcome.kind, Outcome::Kind::done);
        EXPECT_EQ(outcome.task.assignment.window, window);
        EXPECT_EQ(outcome.task.bytes.span()[0], static_cast<std::byte>(window));
    }
    EXPECT_EQ(stage.times().windows, 20U);
    EXPECT_EQ(stage.times().bytes, 20U);
}

TEST(StageTest, AFailureIsAnOutcomeAndTheStageGoesOn)
{
    Wakeup wakeup;
    Stage stage{{.work =
                     [](auto window, auto, auto) {
                         if (window == 0) throw InputError("bad window");
                     }},
                wakeup};
    stage.push({{0, 0}, {}});
    stage.push({{1, 0}, {}});
    auto const failed = wait_for_outcome(stage, wakeup);
    EXPECT_EQ(failed.kind, Outcome::Kind::failed);
    EXPECT_EQ(failed.failure, (Failure{ExitCode::input, "bad window"}));
    EXPECT_EQ(wait_for_outcome(stage, wakeup).kind, Outcome::Kind::done);
}

/// A rank has as many input buffers as slots, and root fills a slot as soon as it hears of a result.
TEST(StageTest, TheInputIsGivenBackBeforeTheOutcomeShows)
{
    Wakeup wakeup;
    BufferPool pool{1};
    Stage stage{{.work = [](auto, auto, auto) {}}, wakeup};
    for (std::uint64_t window = 0; window < 20000; ++window) {
        auto buffer = pool.try_acquire(8);
        ASSERT_TRUE(buffer) << "after " << window << " windows";
        stage.push({{window, 0}, std::move(*buffer)});
        while (!stage.poll()) {
        }
    }
}

TEST(StageTest, CancelDropsWhatHasNotBegun)
{
    Wakeup wakeup;
    Stage stage{{.work = [](auto, auto, auto) {}}, wakeup};
    stage.cancel();
    stage.push({{5, 1}, {}});
    auto const outcome = wait_for_outcome(stage, wakeup);
    EXPECT_EQ(outcome.kind, Outcome::Kind::dropped);
    EXPECT_EQ(outcome.task.assignment, (plan::Assignment{5, 1}));
}

TEST(StageTest, AClosedPoolDropsTheWindowThatWaitsForRoom)
{
    Wakeup wakeup;
    BufferPool pool{1};
    auto const held = pool.acquire(1);
    Stage stage{{.work = [](auto, auto, auto) {}, .pool = &pool, .out_bytes = [](auto) { return 1; }}, wakeup};
    stage.push({{0, 0}, {}});
    pool.close();
    EXPECT_EQ(wait_for_outcome(stage, wakeup).kind, Outcome::Kind::dropped);
}

} // namespace distinfer::pipeline
