#include "payload.hpp"

#include "bytes.hpp"
#include "distinfer/core/check.hpp"

namespace distinfer::ledger
{

namespace
{

Payload rows_payload(Kind kind, RowRange rows)
{
    expects(rows.begin <= rows.end, "rows that do not run backwards");
    ByteWriter writer;
    writer.u64(rows.begin);
    writer.u64(rows.end);
    return {kind, writer.get()};
}

Payload payload(Done const& done)
{
    return rows_payload(Kind::done, done.rows);
}

Payload payload(Attempt const& attempt)
{
    ByteWriter writer;
    writer.text(attempt.text);
    return {Kind::attempt, writer.get()};
}

Payload payload(BadRow const& bad)
{
    ByteWriter writer;
    writer.u64(bad.row);
    writer.text(bad.reason);
    return {Kind::bad_row, writer.get()};
}

Payload payload(Lost const& lost)
{
    return rows_payload(Kind::lost, lost.rows);
}

Payload payload(Retry const&)
{
    return {Kind::retry, {}};
}

template <class OfRows>
std::optional<Record> read_rows(ByteReader reader)
{
    RowRange rows;
    rows.begin = reader.u64();
    rows.end = reader.u64();
    if (!reader.ok() || reader.left() > 0 || rows.begin > rows.end) return std::nullopt;
    return OfRows{rows};
}

std::optional<Record> read_bad_row(ByteReader reader)
{
    BadRow bad;
    bad.row = reader.u64();
    bad.reason = reader.text(reader.left());
    if (!reader.ok()) return std::nullopt;
    return bad;
}

} // namespace

Payload to_payload(Record const& record)
{
    return std::visit([](auto const& one) { return payload(one); }, record);
}

bool is_known(std::uint32_t kind)
{
    return (kind >= static_cast<std::uint32_t>(Kind::done) && kind <= static_cast<std::uint32_t>(Kind::lost)) ||
           kind == static_cast<std::uint32_t>(Kind::retry);
}

std::optional<Record> from_payload(Kind kind, std::span<std::byte const> bytes)
{
    ByteReader reader{bytes};
    switch (kind) {
    case Kind::done:
        return read_rows<Done>(reader);
    case Kind::attempt:
        return Attempt{reader.text(bytes.size())};
    case Kind::bad_row:
        return read_bad_row(reader);
    case Kind::lost:
        return read_rows<Lost>(reader);
    case Kind::retry:
        return bytes.empty() ? std::optional<Record>{Retry{}} : std::nullopt;
    }
    return std::nullopt;
}

} // namespace distinfer::ledger
