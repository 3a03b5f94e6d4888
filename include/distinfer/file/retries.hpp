#pragma once

#include <chrono>
#include <string>

namespace distinfer::file
{

/// Tries again what a storage may refuse only for a while: a file server that is restarted, a path to a disk that is
/// switched. Five tries in all, over one and a half seconds; the first failure is told in a warning. What will not
/// pass, as a full disk, is not tried again, and neither is a sync: after one that failed a second would succeed
/// although data is lost.
///
/// One object for each operation, passed to write_fully() and the like. One thread.
class Retries
{
  public:
    enum class Of { reading, writing };

    /// @param problem what the warning begins with: "cannot read rows 0 to 7 of /x in data.h5"
    /// @param pause before the second try; it doubles from try to try
    Retries(Of operation, std::string problem, std::chrono::milliseconds pause = std::chrono::milliseconds{100});

    /// Whether to try again, after a pause that it has waited for. @param error errno of the call that failed
    bool operator()(int error);

  private:
    Of operation_;
    std::string problem_;
    std::chrono::milliseconds pause_;
    int left_ = 4;
};

} // namespace distinfer::file
