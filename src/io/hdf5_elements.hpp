#pragma once

#include "hdf5_handle.hpp"

#include <cstddef>
#include <vector>

namespace distinfer::io
{

/// Whether elements of this type may point to more than their own bytes, as variable-length strings do.
bool may_point_elsewhere(hid_t type);

/// Room for elements that HDF5 reads; what they point to afterwards is freed with them.
class Elements
{
  public:
    /// @param type of the elements in memory, @param space as many as it has selected; both are borrowed
    Elements(hid_t type, hid_t space);
    ~Elements();
    Elements(Elements const&) = delete;
    Elements& operator=(Elements const&) = delete;

    void* data() noexcept { return bytes_.data(); }

  private:
    hid_t type_;
    hid_t space_;
    std::vector<std::byte> bytes_;
};

} // namespace distinfer::io
