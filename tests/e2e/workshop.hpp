#pragma once

#include "support/temporary_folder.hpp"
#include "support/torch_models.hpp"

#include <string>

namespace distinfer::test
{

/// A folder with a small model, its data and a config for them: the ground that a test of the program stands on.
class Workshop
{
  public:
    static constexpr std::uint64_t rows = 100;
    static constexpr std::uint64_t batch = 8;

    Workshop();

    std::string operator/(std::string const& name) const { return folder_ / name; }
    std::string folder() const { return folder_.path().string(); }
    Rows const& input() const { return input_; }

    /// What the model makes of the data, by a plain loop.
    std::vector<Rows> expected() const;

    /// Writes config.yaml and gives its path; each change replaces the first text by the second in the good config.
    std::string config(std::vector<std::pair<std::string, std::string>> const& changes = {}) const;

    /// Writes a file and gives its path.
    std::string write(std::string const& name, std::string const& content) const;

    bool exists(std::string const& name) const;
    std::string read(std::string const& name) const;

  private:
    TemporaryFolder folder_;
    Rows input_;
};

} // namespace distinfer::test
