#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace distinfer::config
{

/// Every key that --set and the environment can change, as "run.batch".
std::vector<std::string> keys();

/// The one line that explains a key of keys(): its choices, if it has any, and what it means.
std::string doc_of(std::string_view key);

/// The environment variable of a key: "run.batch" is DIST_INFER_RUN_BATCH.
std::string environment_name(std::string_view key);

/// "did you mean 'run.batch'?" for a key that does not exist, also where only its section is wrong or missing; nothing
/// where no key is near.
std::string suggest_key(std::string_view written);

} // namespace distinfer::config
