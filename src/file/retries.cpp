#include "distinfer/file/retries.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/log.hpp"

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

namespace distinfer::file
{

namespace
{

bool may_pass(int error, Retries::Of operation)
{
    switch (error) {
    case EAGAIN:
    case ESTALE:
    case ETIMEDOUT:
        return true;
    case EIO:
        // What a write that failed has left on the disk is not known.
        return operation == Retries::Of::reading;
    default:
        return false;
    }
}

} // namespace

Retries::Retries(Of operation, std::string problem, std::chrono::milliseconds pause)
    : operation_(operation), problem_(std::move(problem)), pause_(pause)
{}

bool Retries::operator()(int error)
{
    if (!may_pass(error, operation_) || left_ == 0) return false;
    if (left_ == 4) log::warning(error_message(problem_, std::strerror(error), "trying again"));
    --left_;
    // No other thread is waited for here: the pause gives the storage time.
    std::this_thread::sleep_for(pause_);
    pause_ *= 2;
    return true;
}

} // namespace distinfer::file
