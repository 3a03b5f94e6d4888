// A window of any bytes is decoded or refused, whatever the shape of its dataset.
#include "distinfer/core/buffer.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/payload_layout.hpp"
#include "distinfer/io/window_decoder.hpp"
#include "target.hpp"

#include <string_view>

namespace
{

using namespace distinfer;

io::StoredForm choose_form(fuzz::Choices& choices, std::uint64_t rows)
{
    io::StoredForm form{.rows = rows};
    form.spec.dtype = static_cast<DType>(choices.between(0, static_cast<std::uint32_t>(DType::float64)));
    for (auto axes = choices.between(0, 2); axes > 0; --axes) form.spec.row_shape.push_back(choices.between(0, 7));
    form.swapped = choices.between(0, 1) != 0;
    if (choices.between(0, 3) != 0)
        for (std::size_t axis = 0; axis <= form.spec.row_shape.size(); ++axis)
            form.chunk.push_back(choices.between(1, 8));
    if (form.in_chunks())
        for (auto filters = choices.between(0, 3); filters > 0; --filters)
            form.filters.push_back({static_cast<io::Filter::Kind>(choices.between(0, 3)), choices.between(1, 8)});
    if (choices.between(0, 1) != 0) form.fill.resize(element_bytes(form.spec.dtype), std::byte{3});
    return form;
}

io::FileFacts choose_facts(fuzz::Choices& choices)
{
    io::FileFacts facts{.rows = choices.between(0, 20)};
    for (auto tensors = choices.between(1, 2); tensors > 0; --tensors) {
        facts.forms.push_back(choose_form(choices, facts.rows));
        facts.names.emplace_back("/x in fuzz.h5");
    }
    return facts;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    fuzz::Choices choices{data, size};
    auto const facts = choose_facts(choices);
    auto const begin = choices.between(0, static_cast<std::uint32_t>(facts.rows));
    RowRange const rows{begin, choices.between(begin, static_cast<std::uint32_t>(facts.rows))};
    Buffer window{PayloadLayout{facts.specs()}.bytes(rows.size())};
    io::WindowDecoder decoder{{facts}};
    try {
        decoder.decode(rows, choices.rest(), window.span());
    } catch (InputError const&) {
        return 0;
    } catch (InternalError const& error) {
        // The root makes the table of a window; one that does not fit its bytes is the root's mistake, not the file's.
        fuzz::require(std::string_view{error.what()}.find("as long as its tables say") != std::string_view::npos,
                      "no other expectation of ours can fail");
    }
    return 0;
}
