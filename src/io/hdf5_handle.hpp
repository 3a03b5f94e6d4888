#pragma once

#include "distinfer/core/error.hpp"

#include <hdf5.h>

#include <string>
#include <string_view>
#include <utility>

namespace distinfer::io
{

/// Owns any HDF5 id. Move-only; a moved-from one is empty (-1).
class Hid
{
  public:
    Hid() = default;
    explicit Hid(hid_t id) noexcept : id_(id) {}
    ~Hid() { reset(); }
    Hid(Hid const&) = delete;
    Hid& operator=(Hid const&) = delete;
    Hid(Hid&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
    Hid& operator=(Hid&& other) noexcept;

    hid_t get() const noexcept { return id_; }
    bool valid() const noexcept { return id_ >= 0; }

    /// Gives the id up, to be closed by a call whose result is checked.
    hid_t release() noexcept { return std::exchange(id_, -1); }
    void reset() noexcept;

  private:
    hid_t id_ = -1;
};

/// Keeps HDF5 from printing its error stack. The switch belongs to the calling thread: every entry into the library
/// makes one of these first.
class QuietErrors
{
  public:
    QuietErrors() noexcept;
    ~QuietErrors();
    QuietErrors(QuietErrors const&) = delete;
    QuietErrors& operator=(QuietErrors const&) = delete;

  private:
    H5E_auto2_t function_ = nullptr;
    void* data_ = nullptr;
};

/// The innermost reason that HDF5 has for the last call of this thread that failed; the system's, where it goes back to
/// a read or write that the system refused.
std::string last_reason();

/// errno of the read or write that the last failure goes back to, or 0.
int last_system_error();

/// What to do where the last failure goes back to a read or write; else empty.
std::string_view last_suggestion();

/// Owns an id that a call returned. @throws E with HDF5's reason where the call failed
template <class E>
Hid own(hid_t id, std::string_view problem, std::string_view suggestion = {})
{
    if (id < 0) throw E(problem, last_reason(), suggestion.empty() ? last_suggestion() : suggestion);
    return Hid{id};
}

/// Passes on what a call returned. @throws E with HDF5's reason where it is negative, which is how HDF5 fails
template <class E, class Result>
Result succeeded(Result result, std::string_view problem, std::string_view suggestion = {})
{
    if (result < 0) throw E(problem, last_reason(), suggestion.empty() ? last_suggestion() : suggestion);
    return result;
}

} // namespace distinfer::io
