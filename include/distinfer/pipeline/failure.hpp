#pragma once

#include "distinfer/core/error.hpp"

#include <exception>
#include <string>

namespace distinfer::pipeline
{

/// An error that has to travel: from a thread to the one that calls MPI, and from a rank to the others.
struct Failure
{
    ExitCode code = ExitCode::internal;
    std::string message;

    bool operator==(Failure const&) const = default;
};

/// What a failed step threw; anything that is not an Error of ours counts as a bug, running out of memory apart.
Failure failure_of(std::exception_ptr const& exception);

} // namespace distinfer::pipeline
