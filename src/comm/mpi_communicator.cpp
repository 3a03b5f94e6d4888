#include "distinfer/comm/mpi_session.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "mpi_handle.hpp"
#include "node_groups.hpp"
#include "ulfm.hpp"

#include <algorithm>
#include <cstdlib>
#include <list>
#include <set>
#include <utility>

namespace distinfer::comm
{

namespace
{

class MpiCommunicator : public Communicator
{
  public:
    MpiCommunicator(MPI_Comm of, std::size_t message_bytes) : world_(of), groups_(of), message_bytes_(message_bytes)
    {
        check_mpi(MPI_Comm_rank(world_.get(), &rank_), "tell the rank");
        check_mpi(MPI_Comm_size(world_.get(), &size_), "tell the number of ranks");
    }

    int rank() const override { return rank_; }
    int size() const override { return size_; }
    std::vector<int> const& node() const override { return groups_.node(); }
    void broadcast(std::vector<std::byte>& bytes, int root) override;
    void broadcast_to_leaders(std::span<std::byte> bytes) override;
    std::vector<std::string> allgather(std::string const& text) override;
    void send(int to, std::string body) override;
    std::optional<Message> poll() override;
    bool survives_losses() const override { return ulfm::is_on(); }
    std::vector<int> take_lost() override { return std::exchange(newly_lost_, {}); }
    void give_up() noexcept override;
    [[noreturn]] void abort(int exit_code) override;

  private:
    struct Sending
    {
        std::string body;
        MPI_Request request = MPI_REQUEST_NULL;
    };

    void broadcast_pieces(std::span<std::byte> bytes, int root, MPI_Comm among) const;
    void reap_sends();
    void note_the_lost();

    CommunicatorCopy world_;
    NodeGroups groups_;
    std::size_t message_bytes_;
    int rank_ = 0;
    int size_ = 1;
    std::list<Sending> sending_; ///< a list, since MPI holds addresses into it
    std::set<int> lost_;
    std::vector<int> newly_lost_; ///< of lost_, those that nobody has been told of
};

void MpiCommunicator::broadcast(std::vector<std::byte>& bytes, int root)
{
    std::uint64_t size = bytes.size();
    check_mpi(MPI_Bcast(&size, 1, MPI_UINT64_T, root, world_.get()), "broadcast");
    bytes.resize(size);
    broadcast_pieces(bytes, root, world_.get());
}

void MpiCommunicator::broadcast_to_leaders(std::span<std::byte> bytes)
{
    expects(is_leader(), "a leader of its node");
    // Rank 0 is the first of its node, so it is the first leader, too.
    broadcast_pieces(bytes, 0, groups_.leaders());
}

void MpiCommunicator::broadcast_pieces(std::span<std::byte> bytes, int root, MPI_Comm among) const
{
    for (std::size_t at = 0; at < bytes.size(); at += message_bytes_) {
        auto const piece = narrow<int>(std::min(message_bytes_, bytes.size() - at));
        check_mpi(MPI_Bcast(bytes.data() + at, piece, MPI_BYTE, root, among), "broadcast");
    }
}

std::vector<std::string> MpiCommunicator::allgather(std::string const& text)
{
    auto const ranks = narrow<std::size_t>(size_);
    auto const length = narrow<int>(text.size());
    std::vector<int> lengths(ranks);
    check_mpi(MPI_Allgather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, world_.get()), "gather");

    std::vector<int> offsets(ranks);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < ranks; ++i) {
        offsets[i] = narrow<int>(total);
        total += narrow<std::uint64_t>(lengths[i]);
    }
    std::string all(total, '\0');
    check_mpi(MPI_Allgatherv(text.data(), length, MPI_CHAR, all.data(), lengths.data(), offsets.data(), MPI_CHAR,
                             world_.get()),
              "gather");

    std::vector<std::string> texts;
    for (std::size_t i = 0; i < ranks; ++i)
        texts.push_back(all.substr(narrow<std::size_t>(offsets[i]), narrow<std::size_t>(lengths[i])));
    return texts;
}

void MpiCommunicator::send(int to, std::string body)
{
    auto& sending = sending_.emplace_back(Sending{.body = std::move(body)});
    int const code = MPI_Isend(sending.body.data(), narrow<int>(sending.body.size()), MPI_CHAR, to, 0, world_.get(),
                               &sending.request);
    if (ulfm::is_loss(code))
        sending_.pop_back();
    else
        check_mpi(code, "send to rank " + std::to_string(to));
}

void MpiCommunicator::reap_sends()
{
    for (auto it = sending_.begin(); it != sending_.end();) {
        int done = 0;
        int const code = MPI_Test(&it->request, &done, MPI_STATUS_IGNORE);
        bool const lost = ulfm::is_loss(code);
        if (!lost) check_mpi(code, "send");
        it = done || lost ? sending_.erase(it) : std::next(it);
    }
}

/// Waiting for any rank fails until those that died have been noted.
void MpiCommunicator::note_the_lost()
{
    for (int const rank : ulfm::acknowledge(world_.get()))
        if (lost_.insert(rank).second) newly_lost_.push_back(rank);
}

std::optional<Message> MpiCommunicator::poll()
{
    reap_sends();
    int arrived = 0;
    MPI_Message handle = MPI_MESSAGE_NULL;
    MPI_Status status;
    int const code = MPI_Improbe(MPI_ANY_SOURCE, 0, world_.get(), &arrived, &handle, &status);
    if (ulfm::is_loss(code)) {
        note_the_lost();
        return std::nullopt;
    }
    check_mpi(code, "look for messages");
    if (!arrived) return std::nullopt;

    int length = 0;
    check_mpi(MPI_Get_count(&status, MPI_CHAR, &length), "receive");
    Message message{.from = status.MPI_SOURCE, .body = std::string(narrow<std::size_t>(length), '\0')};
    check_mpi(MPI_Mrecv(message.body.data(), length, MPI_CHAR, &handle, MPI_STATUS_IGNORE), "receive");
    return message;
}

void MpiCommunicator::give_up() noexcept
{
    ulfm::revoke(world_.get());
    if (groups_.leaders() != MPI_COMM_NULL) ulfm::revoke(groups_.leaders());
}

void MpiCommunicator::abort(int exit_code)
{
    MPI_Abort(world_.get(), exit_code);
    std::_Exit(exit_code);
}

} // namespace

std::unique_ptr<Communicator> make_mpi_communicator(MPI_Comm of, std::size_t message_bytes)
{
    expects(message_bytes > 0 && message_bytes <= largest_message, "messages that MPI can count");
    return std::make_unique<MpiCommunicator>(of, message_bytes);
}

} // namespace distinfer::comm
