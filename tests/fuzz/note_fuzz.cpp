// A note of any bytes is one that can be sent again, or is refused as what no rank of ours sends.
#include "distinfer/core/error.hpp"
#include "distinfer/pipeline/note.hpp"
#include "target.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace distinfer;
    std::string const body{data, data + size};
    try {
        fuzz::require(pipeline::encode(pipeline::decode(body)) == body, "a note is sent as it was received");
    } catch (InternalError const&) {
        return 0;
    }
    return 0;
}
