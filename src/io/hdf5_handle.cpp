#include "hdf5_handle.hpp"

#include <charconv>
#include <cstring>

namespace distinfer::io
{

Hid& Hid::operator=(Hid&& other) noexcept
{
    std::swap(id_, other.id_);
    return *this;
}

void Hid::reset() noexcept
{
    auto const id = release();
    if (id >= 0) H5Idec_ref(id);
}

QuietErrors::QuietErrors() noexcept
{
    // Where a close has failed, HDF5's own clean-up at exit crashes, and the exit code would be lost with it. Our
    // handles close everything before that.
    [[maybe_unused]] static auto const at_first_use = H5dont_atexit();
    H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

QuietErrors::~QuietErrors()
{
    H5Eset_auto2(H5E_DEFAULT, function_, data_);
}

namespace
{

std::string last_description()
{
    std::string reason;
    auto const take_first = [](unsigned, H5E_error2_t const* entry, void* text) -> herr_t {
        auto& first = *static_cast<std::string*>(text);
        if (first.empty() && entry->desc != nullptr) first = entry->desc;
        return 0;
    };
    // Upward begins at the function where the error was found.
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, &reason);
    return reason;
}

} // namespace

std::string last_reason()
{
    if (int const error = last_system_error()) return std::strerror(error);
    auto const reason = last_description();
    return reason.empty() ? "HDF5 gives no reason" : reason;
}

int last_system_error()
{
    constexpr std::string_view label = "errno = ";
    auto const reason = last_description();
    auto const at = reason.find(label);
    bool const moves_bytes = reason.starts_with("file read failed") || reason.starts_with("file write failed");
    int error = 0;
    if (moves_bytes && at != std::string::npos)
        std::from_chars(reason.data() + at + label.size(), reason.data() + reason.size(), error);
    return error;
}

std::string_view last_suggestion()
{
    return last_system_error() == 0 ? "" : "see that the disk has room and is well, and start again";
}

} // namespace distinfer::io
