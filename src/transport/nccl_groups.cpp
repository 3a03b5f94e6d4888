#include "nccl_groups.hpp"

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

#include <chrono>
#include <cstdlib>

namespace distinfer::transport
{

namespace
{

/// How long a window may take is not c10d's to decide, but that of the deadlines of the pipeline.
constexpr std::chrono::hours for_ever{24 * 365};

/// c10d would end the process from a thread of its own when NCCL fails or is slow; here the transfer fails.
void leave_errors_to_us()
{
    for (auto const* name : {"TORCH_NCCL_ASYNC_ERROR_HANDLING", "TORCH_NCCL_ENABLE_MONITORING"})
        ::setenv(name, "0", 0); // NOLINT(concurrency-mt-unsafe): setup has one thread that reads the environment
}

std::unique_ptr<c10d::ProcessGroupNCCL> make_group(c10::intrusive_ptr<c10d::Store> const& store,
                                                   std::string const& name, int rank, int size)
{
    auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = for_ever;
    return std::make_unique<c10d::ProcessGroupNCCL>(c10::make_intrusive<c10d::PrefixStore>(name, store), rank, size,
                                                    options);
}

} // namespace

NcclGroups::NcclGroups(c10::intrusive_ptr<c10d::Store> const& store, int rank, int size) : rank_(rank)
{
    leave_errors_to_us();
    up_.group = make_group(store, "up", rank, size);
    down_.group = make_group(store, "down", rank, size);
}

NcclGroups::~NcclGroups()
{
    if (aborted_) return;
    for (auto* direction : {&up_, &down_}) direction->group->shutdown();
}

c10::intrusive_ptr<c10d::Work> NcclGroups::begin_send(at::Tensor const& tensor, int to)
{
    auto& [group, mutex] = to > rank_ ? up_ : down_;
    std::vector<at::Tensor> tensors{tensor};
    std::lock_guard const lock{mutex};
    return group->send(tensors, to, 0);
}

c10::intrusive_ptr<c10d::Work> NcclGroups::begin_receive(at::Tensor const& tensor, int from)
{
    auto& [group, mutex] = from < rank_ ? up_ : down_;
    std::vector<at::Tensor> tensors{tensor};
    std::lock_guard const lock{mutex};
    return group->recv(tensors, from, 0);
}

void NcclGroups::abort() noexcept
{
    aborted_ = true;
    for (auto* direction : {&up_, &down_}) direction->group->abort();
}

} // namespace distinfer::transport
