// A stored chunk of any bytes, with any filters, is decoded to its size or an InputError.
#include "distinfer/core/error.hpp"
#include "distinfer/io/chunk_codec.hpp"
#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace distinfer;
    fuzz::Choices choices{data, size};
    std::vector<io::Filter> filters(choices.between(0, 4));
    for (auto& filter : filters)
        filter = {static_cast<io::Filter::Kind>(choices.between(0, 3)), choices.between(0, 16)};
    auto const skipped = choices.between(0, 15);
    auto const bytes = choices.between(0, 255) * choices.between(0, 255);
    io::ChunkCodec codec{filters};
    try {
        fuzz::require(codec.decode(choices.rest(), skipped, bytes).size() == bytes, "a chunk has its size");
    } catch (InputError const&) {
        return 0;
    }
    return 0;
}
