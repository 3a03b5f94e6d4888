#pragma once

#include "distinfer/comm/communicator.hpp"

#include <torch/csrc/distributed/c10d/Store.hpp>

#include <map>

namespace distinfer::transport
{

/// The store of a rendezvous in which every rank first sets what it has to say, and then gets what the others have: at
/// the first get, all of them tell it each other over MPI. One thread.
///
/// What it cannot do throws, as a rendezvous of another kind would have to hang.
class AgreedStore : public c10d::Store
{
  public:
    /// @param communicator outlives the rendezvous
    explicit AgreedStore(comm::Communicator& communicator) : communicator_(communicator) {}

    /// Meets the others, unless this rank has, to say that it has failed: then their waits throw. Collective.
    /// @throws LaunchError, RankLost
    void fail(std::string const& why);

    using Store::set;
    void set(std::string const& key, std::vector<std::uint8_t> const& value) override;
    std::vector<std::uint8_t> get(std::string const& key) override;
    void wait(std::vector<std::string> const& keys) override;
    void wait(std::vector<std::string> const& keys, std::chrono::milliseconds const& timeout) override;
    bool check(std::vector<std::string> const& keys) override;

    c10::intrusive_ptr<Store> clone() override;
    std::int64_t add(std::string const& key, std::int64_t value) override;
    bool deleteKey(std::string const& key) override;
    std::int64_t getNumKeys() override;

  private:
    void meet();

    comm::Communicator& communicator_;
    std::map<std::string, std::string> values_; ///< before the meeting this rank's own
    bool met_ = false;
};

} // namespace distinfer::transport
