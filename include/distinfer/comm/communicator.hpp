#pragma once

#include <cstddef>
#include <optional>
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
/// Control messages between two ranks arrive in the order in which they were sent.
class Communicator
{
  public:
    virtual ~Communicator() = default;

    virtual int rank() const = 0;
    virtual int size() const = 0;

    /// Collective: every rank ends with the root's bytes. Any size. @throws LaunchError
    virtual void broadcast(std::vector<std::byte>& bytes, int root) = 0;

    /// Collective: the texts of all ranks, by rank. @throws LaunchError
    virtual std::vector<std::string> allgather(std::string const& text) = 0;

    /// Sends a control message and returns at once. @throws LaunchError
    virtual void send(int to, std::string body) = 0;

    /// A control message from any rank, if one has arrived. @throws LaunchError
    virtual std::optional<Message> poll() = 0;

    /// Ends all ranks at once with that exit code; for when they cannot be told.
    [[noreturn]] virtual void abort(int exit_code) = 0;

    bool is_root() const { return rank() == 0; }
};

} // namespace distinfer::comm
