#pragma once

#include <cstdint>

namespace distinfer::io
{

/// Which chunks travel as they are stored. A chunk that several windows cut is sent and decoded for each of them; so
/// HDF5 decodes, once, what is beyond these limits. The defaults set none.
struct ChunkLimits
{
    std::uint64_t bytes = UINT64_MAX; ///< decoded, of all chunks that hold one row: no more than a window takes
    std::uint64_t shares = 0;         ///< ranks among which the chunks of a file have to be shared

    bool operator==(ChunkLimits const&) const = default;
};

} // namespace distinfer::io
