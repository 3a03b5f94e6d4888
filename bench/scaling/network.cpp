#include "scaling/network.hpp"

#include "distinfer/core/narrow.hpp"

#include <algorithm>

namespace distinfer::scaling
{

double Pipe::pass(double ready, double bytes)
{
    double const seconds = bytes / rate_;
    busy_ += seconds;
    free_ = std::max(free_, ready) + seconds;
    return free_;
}

Network::Network(Machine const& machine, int ranks)
    : machine_(machine),
      hosts_(narrow<std::size_t>((ranks + machine.ranks_per_host - 1) / machine.ranks_per_host),
             {Pipe{machine.link_out}, Pipe{machine.link_in}, Pipe{machine.memory}}),
      file_system_(machine.file_system)
{}

Network::Host& Network::host_of(int rank)
{
    return hosts_[narrow<std::size_t>(rank / machine_.ranks_per_host)];
}

double Network::move(int from, int to, double ready, double bytes)
{
    Host& sender = host_of(from);
    Host& receiver = host_of(to);
    if (&sender == &receiver) return sender.memory.pass(ready, bytes);
    return std::max(sender.out.pass(ready, bytes), receiver.in.pass(ready, bytes)) + machine_.latency;
}

double Network::read(int rank, double ready, double bytes)
{
    double const begin = ready + machine_.storage_latency;
    double end = std::max(begin + bytes / machine_.reader, file_system_.pass(begin, bytes));
    if (machine_.storage_over_link) end = std::max(end, host_of(rank).in.pass(begin, bytes));
    return end;
}

double Network::write(int rank, double ready, double bytes)
{
    double const begin = ready + machine_.storage_latency;
    double end = std::max(begin + bytes / machine_.writer, file_system_.pass(begin, bytes));
    if (machine_.storage_over_link) end = std::max(end, host_of(rank).out.pass(begin, bytes));
    return end;
}

} // namespace distinfer::scaling
