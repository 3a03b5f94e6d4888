#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace distinfer::model
{

/// Refuses a zip archive with an entry that says to be larger than its bytes can be: LibTorch takes that much memory
/// before it looks. What is no archive at all is left to LibTorch to name. Pure.
/// @throws ModelError
void require_sound_sizes(std::span<std::byte const> file, std::string const& name);

} // namespace distinfer::model
