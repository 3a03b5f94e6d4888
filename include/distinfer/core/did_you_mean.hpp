#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace distinfer
{

/// The known word nearest to what was written, or nothing where none is near (Levenshtein distance of at most a third
/// of the word, 2 at least).
std::string_view nearest(std::string_view written, std::span<std::string_view const> known);

/// "did you mean 'batch'?" or, where nothing is near, "known: a, b, c".
std::string did_you_mean(std::string_view written, std::span<std::string_view const> known);

} // namespace distinfer
