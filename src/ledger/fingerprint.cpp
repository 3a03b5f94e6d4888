#include "distinfer/ledger/fingerprint.hpp"

#include <algorithm>

namespace distinfer::ledger
{

namespace
{

std::optional<std::string> value_of(Fingerprint const& fingerprint, std::string const& name)
{
    auto const field = std::ranges::find(fingerprint, name, &Field::name);
    return field != fingerprint.end() ? std::optional{field->value} : std::nullopt;
}

} // namespace

std::optional<Difference> compare(Fingerprint const& ours, Fingerprint const& theirs)
{
    for (auto const& [name, value] : ours) {
        auto const other = value_of(theirs, name);
        if (other != value) return Difference{name, value, other};
    }
    for (auto const& [name, value] : theirs)
        if (!value_of(ours, name)) return Difference{name, std::nullopt, value};
    return std::nullopt;
}

} // namespace distinfer::ledger
