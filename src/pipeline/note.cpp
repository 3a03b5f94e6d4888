#include "distinfer/pipeline/note.hpp"

#include "distinfer/core/check.hpp"

#include <cstring>

namespace distinfer::pipeline
{

namespace
{

/// What stands in front of the failure's text.
struct Header
{
    std::uint64_t window;
    std::uint64_t bytes;
    std::int32_t code;
    std::uint32_t kind;
    std::uint64_t message_bytes; ///< of the failure; bad rows come behind
};

} // namespace

std::string encode(Note const& note)
{
    Header const header{note.window, note.bytes, static_cast<std::int32_t>(note.failure.code),
                        static_cast<std::uint32_t>(note.kind), note.failure.message.size()};
    std::string body(sizeof header, '\0');
    std::memcpy(body.data(), &header, sizeof header);
    return body + note.failure.message + encode(note.bad_rows);
}

Note decode(std::string const& body)
{
    Header header{};
    expects(body.size() >= sizeof header, "a note with its header");
    std::memcpy(&header, body.data(), sizeof header);
    expects(header.kind <= static_cast<std::uint32_t>(Note::Kind::heard), "a note of a known kind");
    auto const rest = std::string_view{body}.substr(sizeof header);
    expects(header.message_bytes <= rest.size(), "a note with its message");
    return {.kind = static_cast<Note::Kind>(header.kind),
            .window = header.window,
            .bytes = header.bytes,
            .failure = {static_cast<ExitCode>(header.code), std::string{rest.substr(0, header.message_bytes)}},
            .bad_rows = decode_bad_rows(rest.substr(header.message_bytes))};
}

} // namespace distinfer::pipeline
