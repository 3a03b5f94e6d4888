#include "distinfer/comm/mpi_ranks.hpp"

#include "distinfer/comm/rank_lost.hpp"
#include "distinfer/core/check.hpp"
#include "mpi_handle.hpp"
#include "ulfm.hpp"

namespace distinfer::comm
{

struct MpiRanks::Generation
{
    MPI_Comm of; ///< whom it was made from
    std::unique_ptr<Communicator> communicator;
    std::unique_ptr<Transport> transport;

    Generation(MPI_Comm ranks, std::size_t message_bytes)
        : of(ranks),
          communicator(make_mpi_communicator(ranks, message_bytes)),
          transport(make_mpi_transport(ranks, message_bytes))
    {}
};

MpiRanks::MpiRanks(std::size_t message_bytes) : message_bytes_(message_bytes)
{
    generations_.push_back(std::make_unique<Generation>(MPI_COMM_WORLD, message_bytes));
}

MpiRanks::~MpiRanks() = default;

Communicator& MpiRanks::communicator() noexcept
{
    return *generations_.back()->communicator;
}

Transport& MpiRanks::transport() noexcept
{
    return *generations_.back()->transport;
}

std::vector<int> MpiRanks::go_on_without_the_lost()
{
    expects(communicator().survives_losses(), "ranks that can go on without one that died");
    transport().cancel();
    communicator().give_up();
    MPI_Comm before = generations_.back()->of;
    MPI_Comm ranks = before;
    for (;;) {
        // Another may die meanwhile, and then some of the calls fail on some ranks: all of them begin again.
        MPI_Comm survivors = ulfm::shrink(ranks);
        if (survivors == MPI_COMM_NULL) continue;
        bool made = true;
        try {
            generations_.push_back(std::make_unique<Generation>(survivors, message_bytes_));
        } catch (RankLost const&) {
            made = false;
            ulfm::revoke(survivors);
        }
        if (ulfm::agree(survivors, made)) return ulfm::missing(before, survivors);
        ranks = survivors;
    }
}

} // namespace distinfer::comm
