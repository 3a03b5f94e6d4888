#pragma once

#include <string>

namespace distinfer::report
{

/// What this program was built from and with.
struct BuildInfo
{
    std::string version;
    std::string git;
    std::string compiler;
    std::string build_type;
    std::string libtorch;
    std::string mpi; ///< version of the MPI standard
    std::string hdf5;
};

BuildInfo build_info();

} // namespace distinfer::report
