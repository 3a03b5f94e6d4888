#pragma once

#include "distinfer/io/external.hpp"
#include "hdf5_handle.hpp"

#include <set>
#include <string>
#include <utility>

namespace distinfer::io
{

/// Collects the files that datasets have their elements from: those that external links lead to, external storage, and
/// the sources of virtual datasets, through as many files as they go. One thread.
class FilesBehind
{
  public:
    /// @param input the file that was opened; it is not listed
    FilesBehind(std::string const& input, External external);

    /// Adds what is behind a dataset that open_dataset() has found to be sound.
    /// @param where names the dataset in messages
    /// @throws InputError
    void add(hid_t dataset, std::string const& where);

    /// Canonical paths, each once, in their order as text.
    std::set<std::string> const& paths() const noexcept { return paths_; }

  private:
    void add_path(std::string const& path);
    void add_sources(hid_t dataset, std::string const& path, std::string const& where);
    bool add_source(hid_t file, std::string const& dataset, std::string const& where);

    std::string input_;
    External external_;
    std::set<std::pair<std::string, haddr_t>> seen_; ///< datasets, which may refer to each other without end
    std::set<std::string> paths_;
};

} // namespace distinfer::io
