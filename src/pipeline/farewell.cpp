#include "distinfer/pipeline/farewell.hpp"

#include "distinfer/comm/rank_lost.hpp"
#include "distinfer/core/fail_point.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/pipeline/backoff.hpp"

namespace distinfer::pipeline
{

namespace
{

constexpr int root = 0;
constexpr double longest_goodbye = 10; ///< seconds

} // namespace

Farewell::Farewell(comm::Communicator& communicator, std::vector<int> const& lost)
    : communicator_(communicator), lost_(lost.begin(), lost.end())
{}

std::optional<comm::Message> Farewell::next()
{
    auto message = communicator_.poll();
    for (int const rank : communicator_.take_lost()) lost_.insert(rank);
    return message;
}

bool Farewell::all_are_in(std::set<int> const& heard) const
{
    for (int rank = 0; rank < communicator_.size(); ++rank)
        if (rank != root && !heard.contains(rank) && !lost_.contains(rank)) return false;
    return true;
}

std::vector<std::string> Farewell::collect(std::string own)
{
    std::vector<std::string> texts(narrow<std::size_t>(communicator_.size()));
    texts.front() = std::move(own);
    std::set<int> heard;
    auto const step = [&] {
        auto const message = next();
        if (!message) return false;
        auto const note = decode(message->body);
        if (note.kind != Note::Kind::report) return true; // of a rank that was asked to end, just now
        texts[narrow<std::size_t>(message->from)] = note.failure.message;
        heard.insert(message->from);
        return true;
    };
    step_until([&] { return all_are_in(heard); }, step, wakeup_);
    return texts;
}

void Farewell::tell(Failure const& end)
{
    for (int rank = 0; rank < communicator_.size(); ++rank)
        if (rank != root && !lost_.contains(rank))
            communicator_.send(rank, encode({.kind = Note::Kind::over, .failure = end}));
    std::set<int> heard;
    Stopwatch const since_then;
    auto const step = [&] {
        auto const message = next();
        if (message && decode(message->body).kind == Note::Kind::heard) heard.insert(message->from);
        return message.has_value();
    };
    step_until([&] { return all_are_in(heard) || since_then.seconds() > longest_goodbye; }, step, wakeup_);
}

Failure Farewell::report(std::string text)
{
    fail_point("farewell");
    communicator_.send(root, encode({.kind = Note::Kind::report, .failure = {ExitCode::done, std::move(text)}}));
    std::optional<Failure> end;
    auto const step = [&] {
        auto const message = next();
        if (message) {
            auto note = decode(message->body);
            if (note.kind == Note::Kind::over) end = std::move(note.failure);
        }
        if (!end && lost_.contains(root))
            throw comm::RankLost("rank 0 was lost", "it died while it ended the job", "another rank ends it");
        return message.has_value();
    };
    step_until([&] { return end.has_value(); }, step, wakeup_);
    communicator_.send(root, encode({.kind = Note::Kind::heard}));
    return *end;
}

} // namespace distinfer::pipeline
