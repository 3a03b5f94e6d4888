#pragma once

#include <optional>
#include <string>
#include <vector>

namespace distinfer::ledger
{

/// One thing that decides what a job's output holds: {"run.batch", "64"}.
struct Field
{
    std::string name;
    std::string value;

    bool operator==(Field const&) const = default;
};

/// All of them. Two jobs with equal fingerprints write the same rows. Names are unique.
using Fingerprint = std::vector<Field>;

/// A field in which two fingerprints differ; nothing stands for a field that a side does not have.
struct Difference
{
    std::string name;
    std::optional<std::string> ours;
    std::optional<std::string> theirs;

    bool operator==(Difference const&) const = default;
};

/// The first difference: in the order of ours, then what only theirs has. The order of the fields is none.
std::optional<Difference> compare(Fingerprint const& ours, Fingerprint const& theirs);

} // namespace distinfer::ledger
