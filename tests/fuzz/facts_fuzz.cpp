// What a ledger says of an output is what can be written again, or is refused with an OutputError.
#include "distinfer/app/facts.hpp"
#include "distinfer/core/error.hpp"
#include "target.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace distinfer;
    std::string const text{data, data + size};
    try {
        auto const written = app::encode(app::decode_output_facts(text));
        fuzz::require(app::encode(app::decode_output_facts(written)) == written, "facts can be written again");
    } catch (OutputError const&) {
        return 0;
    }
    return 0;
}
