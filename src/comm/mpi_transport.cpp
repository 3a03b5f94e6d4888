#include "distinfer/comm/mpi_session.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "mpi_handle.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace distinfer::comm
{

namespace
{

class MpiTransport : public Transport
{
  public:
    explicit MpiTransport(std::size_t message_bytes) : message_bytes_(message_bytes) {}

    Ticket send(int to, std::span<std::byte const> bytes) override;
    Ticket receive(int from, std::span<std::byte> bytes) override;
    bool finished(Ticket ticket) override;

  private:
    /// Calls begin(offset, count, request) for each piece of at most message_bytes_, and remembers the requests.
    template <class Begin>
    Ticket in_pieces(std::size_t bytes, Begin begin);

    WorldCopy world_;
    std::size_t message_bytes_;
    Ticket next_ticket_ = 0;
    std::map<Ticket, std::vector<MPI_Request>> requests_;
};

template <class Begin>
Transport::Ticket MpiTransport::in_pieces(std::size_t bytes, Begin begin)
{
    std::vector<MPI_Request> requests;
    for (std::size_t at = 0; at < bytes; at += message_bytes_) {
        auto& request = requests.emplace_back(MPI_REQUEST_NULL);
        begin(at, narrow<int>(std::min(message_bytes_, bytes - at)), &request);
    }
    requests_.emplace(next_ticket_, std::move(requests));
    return next_ticket_++;
}

Transport::Ticket MpiTransport::send(int to, std::span<std::byte const> bytes)
{
    return in_pieces(bytes.size(), [&](std::size_t at, int count, MPI_Request* request) {
        check_mpi(MPI_Isend(bytes.data() + at, count, MPI_BYTE, to, 0, world_.get(), request),
                  "send to rank " + std::to_string(to));
    });
}

Transport::Ticket MpiTransport::receive(int from, std::span<std::byte> bytes)
{
    return in_pieces(bytes.size(), [&](std::size_t at, int count, MPI_Request* request) {
        check_mpi(MPI_Irecv(bytes.data() + at, count, MPI_BYTE, from, 0, world_.get(), request),
                  "receive from rank " + std::to_string(from));
    });
}

bool MpiTransport::finished(Ticket ticket)
{
    auto const found = requests_.find(ticket);
    expects(found != requests_.end(), "a ticket of a transfer that is not over");
    auto& requests = found->second;
    int done = 0;
    check_mpi(MPI_Testall(narrow<int>(requests.size()), requests.data(), &done, MPI_STATUSES_IGNORE), "move a window");
    if (done) requests_.erase(found);
    return done != 0;
}

} // namespace

std::unique_ptr<Transport> make_mpi_transport(std::size_t message_bytes)
{
    expects(message_bytes > 0 && message_bytes <= largest_message, "messages that MPI can count");
    return std::make_unique<MpiTransport>(message_bytes);
}

} // namespace distinfer::comm
