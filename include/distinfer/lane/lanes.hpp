#pragma once

#include "distinfer/lane/lane.hpp"

#include <condition_variable>

namespace distinfer::lane
{

/// The lanes of a device, for threads that come with batches. Thread-safe.
class Lanes
{
  public:
    /// @pre count > 0
    Lanes(Device& device, int count);

    int count() const noexcept { return static_cast<int>(lanes_.size()); }

    /// Lane::run on a lane that is free; waits until one is.
    void run(std::span<HostInput const> inputs, std::span<HostOutput const> outputs, Work const& work);

  private:
    struct GiveBack
    {
        Lanes* lanes;
        void operator()(Lane* lane) const noexcept;
    };

    std::unique_ptr<Lane, GiveBack> take();

    std::mutex turn_; ///< of those that compute
    std::vector<Lane> lanes_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<Lane*> free_; ///< never reallocates; the last is lent first, so that what is not needed takes no memory
};

} // namespace distinfer::lane
