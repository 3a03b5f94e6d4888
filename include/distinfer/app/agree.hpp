#pragma once

#include "distinfer/comm/communicator.hpp"
#include "distinfer/core/error.hpp"

#include <functional>
#include <string>

namespace distinfer::app
{

/// An error that every rank throws alike, so that the job can end in good order.
class AgreedError : public Error
{
  public:
    using Error::Error;
};

/// Runs a phase on this rank and ends it together with all others: where it failed on any rank, every rank throws the
/// error of the first such rank, so that all leave alike. The phase itself must not talk to other ranks. Collective.
///
/// @throws AgreedError
void agree(comm::Communicator& communicator, std::function<void()> const& phase);

/// As agree(), for a phase that only root has.
void agree_on_root(comm::Communicator& communicator, std::function<void()> const& phase);

/// Root's text, on every rank. Collective.
std::string broadcast_text(comm::Communicator& communicator, std::string text);

} // namespace distinfer::app
