#pragma once

#include "distinfer/ledger/fingerprint.hpp"

#include <string>
#include <vector>

namespace distinfer::app
{

/// Input files, and those behind them, as they are when the job begins: size and time of the last change. One thread.
class InputWatch
{
  public:
    /// @throws InputError
    explicit InputWatch(std::vector<std::string> files);

    /// Watches files that the inputs refer to, too. @throws InputError
    void add(std::vector<std::string> behind);

    /// Sees that the files are what they were. @throws InputError naming the one that is not
    void check() const;

    /// A field for each file.
    ledger::Fingerprint fields() const;

  private:
    struct Watched
    {
        std::string name; ///< of its field
        std::string path;
        std::string state;
    };

    std::vector<Watched> files_;
};

} // namespace distinfer::app
