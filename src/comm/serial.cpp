#include "distinfer/comm/serial.hpp"

#include "distinfer/core/error.hpp"

#include <cstdlib>

namespace distinfer::comm
{

namespace
{

[[noreturn]] void no_other_rank()
{
    throw InternalError("internal error: a message between ranks in a job of one rank");
}

} // namespace

void SerialCommunicator::broadcast(std::vector<std::byte>&, int root)
{
    if (root != 0) no_other_rank();
}

void SerialCommunicator::send(int, std::string)
{
    no_other_rank();
}

void SerialCommunicator::abort(int exit_code)
{
    std::_Exit(exit_code);
}

Transport::Ticket SerialTransport::send(int, std::span<std::byte const>)
{
    no_other_rank();
}

Transport::Ticket SerialTransport::receive(int, std::span<std::byte>)
{
    no_other_rank();
}

Transport::Progress SerialTransport::progress(Ticket)
{
    no_other_rank();
}

} // namespace distinfer::comm
