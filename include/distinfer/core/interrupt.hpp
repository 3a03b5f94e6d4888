#pragma once

#include <string>

namespace distinfer
{

/// How urgently a job is asked to end early. It can be gone on with later in either case.
enum class Interrupt {
    none,
    drain, ///< finish the windows that run
    leave, ///< keep what is stored, and end
};

/// Who asks: looked at again and again, never blocks. What it says never gets less urgent.
class InterruptSource
{
  public:
    virtual ~InterruptSource() = default;

    virtual Interrupt now() = 0;

    /// Why, as "SIGUSR1"; empty where it does not ask, or does not say.
    virtual std::string reason() const { return {}; }
};

} // namespace distinfer
