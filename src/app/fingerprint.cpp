#include "distinfer/app/fingerprint.hpp"

#include "distinfer/config/load.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace distinfer::app
{

namespace
{

/// Sections whose keys all change results, those below apart.
constexpr auto sections = std::to_array<std::string_view>({"model.", "output.passthrough"});
constexpr auto not_these = std::to_array<std::string_view>({"model.path", "model.sha256"});
/// Not run.on_bad_row: it decides what becomes of rows that have no result, and whoever meets one sets it to go on.
constexpr auto keys = std::to_array<std::string_view>({"run.refuse_nonfinite"});

bool changes_results(std::string const& key)
{
    // What files are called may change; what is in them is a trait.
    if (std::ranges::find(not_these, key) != not_these.end() || key.starts_with("model.libraries")) return false;
    return std::ranges::find(keys, key) != keys.end() ||
           std::ranges::any_of(sections, [&](auto section) { return key.starts_with(section); });
}

} // namespace

ledger::Fingerprint fingerprint(config::Config const& config, JobTraits const& traits)
{
    ledger::Fingerprint fields{{"sha256 of the model", traits.model_sha256},
                               {"device", traits.device},
                               {"LibTorch", traits.libtorch},
                               {"run.threads", std::to_string(traits.threads)},
                               {"run.batch", std::to_string(traits.batch)}};
    if (!traits.libraries_sha256.empty()) fields.push_back({"sha256 of model.libraries", traits.libraries_sha256});
    for (auto& [key, value] : config::values(config))
        if (changes_results(key)) fields.push_back({key, value});
    return fields;
}

} // namespace distinfer::app
