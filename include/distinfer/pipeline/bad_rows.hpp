#pragma once

#include "distinfer/core/bad_row.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace distinfer::pipeline
{

/// The bad rows of windows that have run and are not recorded yet, on their way beside the results. Thread-safe.
class WindowBadRows
{
  public:
    /// What is known of a window now, whatever was known before.
    void put(std::uint64_t window, std::vector<BadRow> rows);

    /// Takes what is known of a window; nothing where it has no bad row.
    std::vector<BadRow> take(std::uint64_t window);

  private:
    std::mutex mutex_;
    std::map<std::uint64_t, std::vector<BadRow>> windows_;
};

/// Bad rows as bytes, for ranks of one byte order.
std::string encode(std::vector<BadRow> const& rows);

/// @throws InternalError where the bytes are none
std::vector<BadRow> decode_bad_rows(std::string_view bytes);

} // namespace distinfer::pipeline
