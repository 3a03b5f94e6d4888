// What RootLoop does when a rank dies or stands still, or the job is asked to end.
#include "distinfer/core/log.hpp"
#include "distinfer/pipeline/root_loop.hpp"

namespace distinfer::pipeline
{

bool RootLoop::take_lost()
{
    auto const ranks = communicator_.take_lost();
    for (int const rank : ranks) lose(rank);
    return !ranks.empty();
}

/// What the rank held is run by others; so is what it stored, where nobody knows whether that is durable.
void RootLoop::lose(int rank)
{
    lost_.push_back(rank);
    log::warning("rank " + std::to_string(rank) + " was lost; the others run what it had");
    auto const held = dispatcher_.lost(rank);
    unstored_ -= held.size();
    for (auto const window : held) deadlines_.left({window, rank});
    for (auto const& missed : transfers_.lost(rank)) run_again(missed);
    for (auto const& [assignment, bytes] : announced_)
        if (assignment.rank == rank) run_again(assignment);
    std::erase_if(announced_, [&](auto const& announced) { return announced.assignment.rank == rank; });
    if (commits_)
        for (auto const window : commits_->lost(rank)) dispatcher_.again(window);
    deadlines_.commit_ends(rank);
    if (!held.empty()) suspect(held.front());
}

void RootLoop::run_again(plan::Assignment assignment)
{
    deadlines_.left(assignment);
    dispatcher_.again(assignment.window);
    --unstored_;
}

/// A rank died while it was at work on the window, as others may have before.
void RootLoop::suspect(std::uint64_t window)
{
    auto const rows = job_.windows.window(window);
    if (journal_) journal_->note_loss(rows);
    if (losses_.add(rows))
        fail({ExitCode::model, error_message(to_string(rows) + " ended the rank that ran them, " +
                                                 std::to_string(plan::Losses::most) + " times",
                                             "the model may crash on them, or take all memory",
                                             "run them alone to see why, or leave them out")});
}

/// Whoever does not answer is not waited for.
bool RootLoop::take_stall()
{
    if (stall_) return false;
    stall_ = deadlines_.overdue();
    if (!stall_) return false;
    interrupt(Interrupt::leave);
    if (commits_ && stall_->rank != communicator_.rank()) commits_->lost(stall_->rank);
    return true;
}

void RootLoop::show_life()
{
    for (int const rank : signs_of_life_.due())
        if (rank != communicator_.rank() && !dispatcher_.is_lost(rank) && !stall_)
            tell(rank, {.kind = Note::Kind::alive});
}

bool RootLoop::take_interrupt()
{
    auto const before = interrupt_;
    if (interrupts_) interrupt(interrupts_->now());
    if (interrupt_ == Interrupt::drain && since_interrupt_.seconds() > job_.drain) interrupt(Interrupt::leave);
    return interrupt_ != before;
}

void RootLoop::interrupt(Interrupt how)
{
    if (how <= interrupt_) return;
    interrupt_ = how;
    since_interrupt_ = Stopwatch{};
    fail({ExitCode::interrupted, "the job was asked to end early"});
}

} // namespace distinfer::pipeline
