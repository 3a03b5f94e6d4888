#pragma once

#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include <memory>
#include <mutex>

namespace distinfer::transport
{

/// NCCL among the ranks of a job. Every pair has two communicators, one for each direction: NCCL does what is asked of
/// a communicator in one order, which has to be the same on both ends, while windows and results cross each other in an
/// order that each end sees differently. Thread-safe.
class NcclGroups
{
  public:
    NcclGroups(c10::intrusive_ptr<c10d::Store> const& store, int rank, int size);
    ~NcclGroups();
    NcclGroups(NcclGroups const&) = delete;
    NcclGroups& operator=(NcclGroups const&) = delete;

    /// Begins to send a tensor that is on this rank's GPU, or to receive one. At first it connects the two ranks, and
    /// returns when the other has come too.
    c10::intrusive_ptr<c10d::Work> begin_send(at::Tensor const& tensor, int to);
    c10::intrusive_ptr<c10d::Work> begin_receive(at::Tensor const& tensor, int from);

    /// Ends what runs on the GPU; afterwards nothing begins.
    void abort() noexcept;

  private:
    /// From lower ranks to higher ones, or back.
    struct Direction
    {
        std::unique_ptr<c10d::ProcessGroupNCCL> group;
        std::mutex mutex; ///< the group counts what it begins
    };

    int rank_;
    Direction up_;
    Direction down_;
    bool aborted_ = false;
};

} // namespace distinfer::transport
