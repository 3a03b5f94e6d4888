#include "distinfer/pipeline/deadlines.hpp"

#include <algorithm>

namespace distinfer::pipeline
{

namespace
{

constexpr double between_looks = 0.25;  ///< seconds
constexpr std::uint64_t the_commit = 0; ///< of a rank; it has one at a time

} // namespace

char const* name_of(Phase phase)
{
    switch (phase) {
    case Phase::fetch:
        return "fetch";
    case Phase::send:
        return "send";
    case Phase::run:
        return "run";
    case Phase::wait:
        return "wait";
    case Phase::gather:
        return "gather";
    case Phase::store:
        return "store";
    case Phase::commit:
        return "commit";
    }
    return "";
}

void Deadlines::enter(Phase phase, plan::Assignment assignment)
{
    left(assignment);
    put(key_of(phase, assignment), assignment.window);
    phases_[assignment.window] = phase;
}

void Deadlines::sent(plan::Assignment assignment)
{
    auto const found = phases_.find(assignment.window);
    if (found != phases_.end() && found->second == Phase::send) enter(Phase::run, assignment);
}

void Deadlines::left(plan::Assignment assignment)
{
    auto const found = phases_.find(assignment.window);
    if (found == phases_.end()) return;
    take(key_of(found->second, assignment), assignment.window);
    // The rank can go on only now.
    if (found->second == Phase::wait) places_[{Phase::run, assignment.rank}].since = clock_();
    phases_.erase(found);
}

void Deadlines::commit_begins(int rank)
{
    Key const key{Phase::commit, rank};
    if (places_[key].windows.empty()) put(key, the_commit);
}

void Deadlines::commit_ends(int rank)
{
    take({Phase::commit, rank}, the_commit);
}

/// Root reads and writes for all ranks, one window after the other.
Deadlines::Key Deadlines::key_of(Phase phase, plan::Assignment assignment) const
{
    bool const of_root = phase == Phase::fetch || phase == Phase::store;
    return {phase, of_root ? root_ : assignment.rank};
}

void Deadlines::put(Key key, std::uint64_t window)
{
    auto& place = places_[key];
    if (place.windows.empty()) place.since = clock_();
    place.windows.push_back(window);
}

void Deadlines::take(Key key, std::uint64_t window)
{
    auto& place = places_[key];
    auto const found = std::find(place.windows.begin(), place.windows.end(), window);
    if (found == place.windows.end()) return;
    place.windows.erase(found);
    double const now = clock_();
    times_[key.first].add(now - place.since);
    place.since = now;
    place.has_moved = true;
}

bool Deadlines::is_held_up(Key key) const
{
    if (key.first == Phase::wait) return true;
    auto const stands_in = [&](Phase phase) {
        auto const place = places_.find({phase, key.second});
        return place != places_.end() && !place->second.windows.empty();
    };
    // A result needs room: on root it is the same that windows to be stored take.
    return key.first == Phase::run && (stands_in(Phase::wait) || stands_in(Phase::store));
}

double Deadlines::limit_of(Key key, Place const& place) const
{
    if (timeout_) return *timeout_;
    if (!place.has_moved) return at_first;
    return std::max(least, multiple * times_.at(key.first).median());
}

std::optional<Stall> Deadlines::overdue()
{
    double const now = clock_();
    if (now < next_look_) return std::nullopt;
    next_look_ = now + between_looks;
    std::optional<Stall> worst;
    for (auto const& [key, place] : places_) {
        double const seconds = now - place.since;
        if (place.windows.empty() || seconds <= timeout_.value_or(least) || is_held_up(key)) continue;
        double const limit = limit_of(key, place);
        if (seconds <= limit || (worst && worst->seconds >= seconds)) continue;
        worst = {.phase = key.first, .rank = key.second, .window = {}, .seconds = seconds, .limit = limit};
        if (key.first != Phase::commit) worst->window = place.windows.front();
    }
    return worst;
}

} // namespace distinfer::pipeline
