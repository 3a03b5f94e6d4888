#pragma once

#include <hdf5.h>

#include <stdexcept>

namespace distinfer::test
{

/// Owns an HDF5 id; throws where the call that made it failed.
class Id
{
  public:
    explicit Id(hid_t id) : id_(id)
    {
        if (id < 0) throw std::runtime_error("test file: an HDF5 call failed");
    }
    ~Id() { H5Idec_ref(id_); }
    Id(Id const&) = delete;
    Id& operator=(Id const&) = delete;

    operator hid_t() const noexcept { return id_; }

  private:
    hid_t id_;
};

inline void check(herr_t status)
{
    if (status < 0) throw std::runtime_error("test file: an HDF5 call failed");
}

} // namespace distinfer::test
