#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace distinfer::comm
{

/// A control message that has arrived.
struct Message
{
    int from = 0;
    std::string body;
};

/// The ranks of a job and the small things that they tell each other. One thread of a rank calls it.
///
/// Control messages between two ranks arrive in the order in which they were sent. Where the ranks can go on without
/// one that has died, collectives throw RankLost, and so do the others once a rank has given the communicator up.
class Communicator
{
  public:
    virtual ~Communicator() = default;

    virtual int rank() const = 0;
    virtual int size() const = 0;

    /// The ranks of this rank's node, itself included, in their order. They can share memory. The first is its leader.
    virtual std::vector<int> const& node() const = 0;

    /// Collective: every rank ends with the root's bytes. Any size. @throws LaunchError
    virtual void broadcast(std::vector<std::byte>& bytes, int root) = 0;

    /// Collective among the leaders of the nodes, the other ranks do not call it: every leader ends with rank 0's
    /// bytes. The same number everywhere. @throws LaunchError
    virtual void broadcast_to_leaders(std::span<std::byte> bytes) = 0;

    /// Collective: the texts of all ranks, by rank. @throws LaunchError
    virtual std::vector<std::string> allgather(std::string const& text) = 0;

    /// Sends a control message and returns at once; nothing is sent to a rank that has died. @throws LaunchError
    virtual void send(int to, std::string body) = 0;

    /// A control message from any rank, if one has arrived; those of a rank that has died may still come.
    /// @throws LaunchError
    virtual std::optional<Message> poll() = 0;

    /// Whether the other ranks can go on when one dies.
    virtual bool survives_losses() const { return false; }

    /// Ranks that poll() has found dead since the last call; always none where the others cannot go on.
    virtual std::vector<int> take_lost() { return {}; }

    /// Makes every later call on every rank throw RankLost, where the ranks can go on without one that has died.
    virtual void give_up() noexcept {}

    /// Ends all ranks at once with that exit code; for when they cannot be told.
    [[noreturn]] virtual void abort(int exit_code) = 0;

    bool is_root() const { return rank() == 0; }
    bool is_leader() const { return rank() == node().front(); }
};

} // namespace distinfer::comm
