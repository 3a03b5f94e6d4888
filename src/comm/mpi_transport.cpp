#include "distinfer/comm/mpi_session.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "mpi_handle.hpp"
#include "ulfm.hpp"

#include <algorithm>
#include <map>
#include <unistd.h>
#include <vector>

namespace distinfer::comm
{

namespace
{

constexpr double longest_cancel = 10; ///< seconds

class MpiTransport : public Transport
{
  public:
    MpiTransport(MPI_Comm of, std::size_t message_bytes) : world_(of), message_bytes_(message_bytes) {}

    Ticket send(int to, std::span<std::byte const> bytes) override;
    Ticket receive(int from, std::span<std::byte> bytes) override;
    Progress progress(Ticket ticket) override;
    void cancel() noexcept override;

  private:
    /// A transfer under way, in pieces.
    struct Pieces
    {
        std::vector<MPI_Request> requests;
        bool lost = false; ///< one of them failed, since the other rank has died
    };

    /// Calls begin(offset, count, request) for each piece of at most message_bytes_, and remembers the requests.
    template <class Begin>
    Ticket in_pieces(std::size_t bytes, std::string const& what, Begin begin);

    CommunicatorCopy world_;
    std::size_t message_bytes_;
    Ticket next_ticket_ = 0;
    std::map<Ticket, Pieces> transfers_;
};

template <class Begin>
Transport::Ticket MpiTransport::in_pieces(std::size_t bytes, std::string const& what, Begin begin)
{
    Pieces pieces;
    for (std::size_t at = 0; at < bytes && !pieces.lost; at += message_bytes_) {
        auto& request = pieces.requests.emplace_back(MPI_REQUEST_NULL);
        int const code = begin(at, narrow<int>(std::min(message_bytes_, bytes - at)), &request);
        pieces.lost = ulfm::is_loss(code);
        if (pieces.lost)
            pieces.requests.pop_back();
        else
            check_mpi(code, what);
    }
    transfers_.emplace(next_ticket_, std::move(pieces));
    return next_ticket_++;
}

Transport::Ticket MpiTransport::send(int to, std::span<std::byte const> bytes)
{
    auto const begin = [&](std::size_t at, int count, MPI_Request* request) {
        return MPI_Isend(bytes.data() + at, count, MPI_BYTE, to, 0, world_.get(), request);
    };
    return in_pieces(bytes.size(), "send to rank " + std::to_string(to), begin);
}

Transport::Ticket MpiTransport::receive(int from, std::span<std::byte> bytes)
{
    auto const begin = [&](std::size_t at, int count, MPI_Request* request) {
        return MPI_Irecv(bytes.data() + at, count, MPI_BYTE, from, 0, world_.get(), request);
    };
    return in_pieces(bytes.size(), "receive from rank " + std::to_string(from), begin);
}

Transport::Progress MpiTransport::progress(Ticket ticket)
{
    auto const found = transfers_.find(ticket);
    expects(found != transfers_.end(), "a ticket of a transfer that is not over");
    auto& [requests, lost] = found->second;
    for (auto& request : requests) {
        int done = 0;
        int const code = MPI_Test(&request, &done, MPI_STATUS_IGNORE);
        if (!ulfm::is_loss(code)) check_mpi(code, "move a window");
        lost |= ulfm::is_loss(code);
        if (!done && !ulfm::is_loss(code)) return Progress::moving;
        request = MPI_REQUEST_NULL;
    }
    auto const end = lost ? Progress::lost : Progress::done;
    transfers_.erase(found);
    return end;
}

/// Waits until a request of a communicator that was given up has failed. Bytes that MPI may still write to cannot be
/// given back to anyone: the process ends where that takes too long.
void await_end(MPI_Request& request, Stopwatch const& since_then)
{
    int done = request == MPI_REQUEST_NULL ? 1 : 0;
    while (!done && MPI_Test(&request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS)
        if (since_then.seconds() > longest_cancel) ::_exit(static_cast<int>(ExitCode::interrupted));
}

void MpiTransport::cancel() noexcept
{
    if (!ulfm::is_on()) return;
    ulfm::revoke(world_.get());
    Stopwatch const since_then;
    for (auto& [ticket, pieces] : transfers_)
        for (auto& request : pieces.requests) await_end(request, since_then);
    transfers_.clear();
}

} // namespace

std::unique_ptr<Transport> make_mpi_transport(MPI_Comm of, std::size_t message_bytes)
{
    expects(message_bytes > 0 && message_bytes <= largest_message, "messages that MPI can count");
    return std::make_unique<MpiTransport>(of, message_bytes);
}

} // namespace distinfer::comm
