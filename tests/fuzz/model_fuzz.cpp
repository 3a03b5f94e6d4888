// A model file of any bytes is told apart or refused with a ModelError, and so is what a package says of itself.
#include "distinfer/core/error.hpp"
#include "distinfer/model/format.hpp"
#include "package_spec.hpp"
#include "package_target.hpp"
#include "target.hpp"

#include <string>

namespace
{

using namespace distinfer;

void try_spec(std::string const& text)
{
    try {
        auto const spec = model::parse_package_spec(text, "fuzz.pt2");
        std::vector<TensorSpec> inputs;
        for (auto const& input : spec.inputs) inputs.push_back(input.spec);
        model::check_package(spec, inputs, spec.least_batch, "fuzz.pt2");
    } catch (ModelError const&) {
        return;
    } catch (ConfigError const&) {
        return;
    }
}

void try_target(std::string const& text)
{
    try {
        model::check_target({{"AOTI_CPU_ISA", text}}, model::this_machine("cpu"), "fuzz.pt2");
    } catch (ModelError const&) {
        return;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const bytes = std::as_bytes(std::span{data, size});
    try {
        model::identify(bytes, "fuzz.pt");
    } catch (ModelError const&) {
        // As most inputs are.
    }
    std::string const text{data, data + size};
    try_spec(text);
    try_target(text);
    return 0;
}
