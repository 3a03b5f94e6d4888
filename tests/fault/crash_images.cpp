#include "fault/crash_images.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <vector>

namespace distinfer::test
{

namespace
{

constexpr std::size_t sector = 512;

/// Bytes begin .. end-1 of a write.
struct Piece
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A disk on which calls are done one after the other, whole or not.
class Disk
{
  public:
    /// What is a change of names happens.
    void name(IoCall const& call)
    {
        if (call.kind == IoCall::create) names_[call.name] = file(call.inode);
        if (call.kind == IoCall::unlink) names_.erase(call.name);
        if (call.kind == IoCall::rename) {
            auto const moved = names_.find(call.name);
            // Its creation may be lost, and the renaming not.
            if (moved != names_.end()) names_[call.other] = moved->second;
            names_.erase(call.name);
        }
    }

    /// What is a change of content happens; of a write only these pieces.
    void change(IoCall const& call, std::span<Piece const> pieces)
    {
        auto& content = contents_[file(call.inode)];
        auto const grow = [&](std::size_t size) { content.resize(std::max(content.size(), size)); };
        if (call.kind == IoCall::truncate) content.resize(call.offset);
        if (call.kind == IoCall::allocate) grow(call.offset + call.length);
        if (call.kind != IoCall::write) return;
        for (auto const& [begin, end] : pieces) {
            grow(call.offset + end);
            content.replace(call.offset + begin, end - begin, call.bytes, begin, end - begin);
        }
    }

    /// An inode is a new file from now on: numbers are used again.
    void begin_file(std::uint64_t inode) { files_[inode] = contents_.emplace(contents_.size(), "").first->first; }

    Files files() const
    {
        Files files;
        for (auto const& [name, file] : names_) files[name] = contents_.at(file);
        return files;
    }

  private:
    std::size_t file(std::uint64_t inode) const { return files_.at(inode); }

    std::map<std::uint64_t, std::size_t> files_;
    std::map<std::size_t, std::string> contents_;
    std::map<std::string, std::size_t> names_;
};

bool changes_names(IoCall const& call)
{
    return call.kind == IoCall::create || call.kind == IoCall::unlink || call.kind == IoCall::rename;
}

bool changes_content(IoCall const& call)
{
    return call.kind == IoCall::write || call.kind == IoCall::truncate || call.kind == IoCall::allocate;
}

/// Which calls a later sync covers: one that began after they had happened, and has ended. Of several syncs of a file
/// at once it is not known which has ended; the first is taken for it.
std::vector<bool> covered(std::span<IoCall const> calls)
{
    std::map<std::string, std::deque<std::size_t>> begun;
    std::map<std::string, std::size_t> until;
    auto const key = [](IoCall const& call) {
        return changes_names(call) ? std::string{"."} : call.name == "." ? "." : std::to_string(call.inode);
    };
    for (std::size_t i = 0; i < calls.size(); ++i) {
        auto& begins = begun[key(calls[i])];
        if (calls[i].kind == IoCall::sync_begins) begins.push_back(i);
        if (calls[i].kind != IoCall::synced) continue;
        until[key(calls[i])] = begins.front();
        begins.pop_front();
    }
    std::vector<bool> result;
    for (std::size_t i = 0; i < calls.size(); ++i) result.push_back(i < until[key(calls[i])]);
    return result;
}

using Choice = std::function<std::vector<Piece>(IoCall const&)>;

/// Does the covered calls, and of the others what `choose` says: no piece, nothing; of what is no write any piece, all.
Files replay(std::span<IoCall const> calls, std::vector<bool> const& is_covered, Choice const& choose)
{
    Disk disk;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        auto const& call = calls[i];
        if (call.kind == IoCall::create) disk.begin_file(call.inode);
        if (!changes_names(call) && !changes_content(call)) continue;
        auto const pieces = is_covered[i] ? std::vector<Piece>{{0, call.bytes.size()}} : choose(call);
        if (pieces.empty()) continue;
        if (changes_names(call))
            disk.name(call);
        else
            disk.change(call, pieces);
    }
    return disk.files();
}

std::vector<Piece> drawn_pieces(IoCall const& call, std::mt19937& random)
{
    auto const size = call.bytes.size();
    if (size == 0 || random() % 3 == 0) return {{0, size}};
    if (random() % 2 == 0) return {{0, random() % size}};
    std::vector<Piece> pieces;
    for (std::size_t begin = 0; begin < size;) {
        auto const end = std::min(begin + sector - (call.offset + begin) % sector, size);
        if (random() % 2 == 0) pieces.push_back({begin, end});
        begin = end;
    }
    return pieces;
}

} // namespace

Files after_kill(std::span<IoCall const> calls)
{
    if (calls.empty()) return {};
    auto const half = calls.back().bytes.size() / 2;
    std::vector<bool> whole(calls.size(), true);
    whole.back() = false;
    return replay(calls, whole, [&](IoCall const&) {
        return half == 0 ? std::vector<Piece>{} : std::vector<Piece>{{0, half}};
    });
}

Files durable(std::span<IoCall const> calls)
{
    return replay(calls, covered(calls), [](IoCall const&) { return std::vector<Piece>{}; });
}

Files after_power_loss(std::span<IoCall const> calls, std::mt19937& random)
{
    auto const chance = random() % 5; // from nothing that is not durable to nearly all
    return replay(calls, covered(calls), [&](IoCall const& call) {
        return random() % 5 < chance ? drawn_pieces(call, random) : std::vector<Piece>{};
    });
}

} // namespace distinfer::test
