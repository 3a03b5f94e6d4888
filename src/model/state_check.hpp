#pragma once

#include "program.hpp"

#include <string>
#include <vector>

namespace distinfer::model
{

/// Finds out whether a program keeps something from call to call, or draws random numbers: it is called with the same
/// rows twice, and where that leaves doubt a third time, since a first call may compile, allocate and fill caches.
class StateCheck
{
  public:
    /// @param program is called by others; outlives this object
    explicit StateCheck(Program const& program);

    /// Takes the results of a call, right after it.
    void saw(std::vector<NamedResult> const& results);

    /// Whether another call is needed to tell.
    bool wants_another() const;

    /// @pre !wants_another(). @throws ModelError that says what is not as before
    void require_stateless(std::string const& name) const;

  private:
    /// An attribute as it was after a call.
    struct Kept
    {
        std::string name;
        c10::IValue value; ///< a copy where it was written, which a tensor tells by itself
        void const* place = nullptr;
        std::int64_t version = 0;
        bool is_written = false; ///< by the call
    };

    bool writes() const;
    std::vector<Kept> look(std::vector<Kept> const& before) const;
    static bool is_as_before(Kept const& now, Kept const& before);

    Program const& program_;
    std::vector<std::vector<Kept>> kept_;          ///< before all calls, and after each
    std::vector<std::vector<at::Tensor>> results_; ///< of each call, in host memory
};

} // namespace distinfer::model
