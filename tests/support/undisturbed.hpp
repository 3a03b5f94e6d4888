#pragma once

#include "distinfer/core/interrupt.hpp"

namespace distinfer::test
{

/// Nobody asks the job to end early.
class Undisturbed : public InterruptSource
{
  public:
    Interrupt now() override { return Interrupt::none; }
};

} // namespace distinfer::test
