#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/transport.hpp"

namespace distinfer::comm
{

/// A job of one rank, without MPI.
class SerialCommunicator : public Communicator
{
  public:
    int rank() const override { return 0; }
    int size() const override { return 1; }
    std::vector<int> const& node() const override { return node_; }
    void broadcast(std::vector<std::byte>& bytes, int root) override;
    void broadcast_to_leaders(std::span<std::byte>) override {}
    std::vector<std::string> allgather(std::string const& text) override { return {text}; }
    void send(int to, std::string body) override;
    std::optional<Message> poll() override { return std::nullopt; }
    [[noreturn]] void abort(int exit_code) override;

  private:
    std::vector<int> node_{0};
};

/// The transport of a job of one rank: nobody to send to.
class SerialTransport : public Transport
{
  public:
    Ticket send(int to, std::span<std::byte const> bytes) override;
    Ticket receive(int from, std::span<std::byte> bytes) override;
    Progress progress(Ticket ticket) override;
};

} // namespace distinfer::comm
