#pragma once

#include "distinfer/config/config.hpp"

#include <c10/core/AutogradState.h>
#include <c10/core/InferenceMode.h>

namespace distinfer::model
{

/// What autograd may do on this thread, for the life of the object.
class GradGuard
{
  public:
    explicit GradGuard(config::Grad grad)
        : inference_(grad == config::Grad::inference), before_(c10::AutogradState::get_tls_state())
    {
        if (grad != config::Grad::inference) {
            auto state = before_;
            state.set_grad_mode(grad == config::Grad::enabled);
            c10::AutogradState::set_tls_state(state);
        }
    }
    ~GradGuard() { c10::AutogradState::set_tls_state(before_); }
    GradGuard(GradGuard const&) = delete;
    GradGuard& operator=(GradGuard const&) = delete;

  private:
    c10::InferenceMode inference_;
    c10::AutogradState before_;
};

} // namespace distinfer::model
