#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace distinfer
{

/// What the process tells its launcher. Every rank of a job exits with the same one; none is 126 or above.
enum class ExitCode : int {
    done = 0,
    usage = 2,        ///< command line or config
    input = 3,        ///< input data
    model = 4,        ///< model file, signature, or a batch that fails
    device = 5,       ///< GPU or other accelerator
    launch = 6,       ///< MPI or the launcher
    output = 7,       ///< output file
    skipped = 8,      ///< done, but bad rows were skipped
    internal = 70,    ///< a bug of ours
    interrupted = 75, ///< ended early, resumable
};

/// Root of every error that dist-infer throws. The message reads `problem (why); suggestion`.
class Error : public std::runtime_error
{
  public:
    Error(ExitCode code, std::string const& message) : std::runtime_error(message), code_(code) {}

    ExitCode code() const noexcept { return code_; }

  private:
    ExitCode code_;
};

/// Joins the parts of a message; `why` and `suggestion` may be empty.
std::string error_message(std::string_view problem, std::string_view why, std::string_view suggestion);

/// An error of one kind, made from the three parts of its message.
template <ExitCode kind>
class ErrorOf : public Error
{
  public:
    explicit ErrorOf(std::string_view problem, std::string_view why = {}, std::string_view suggestion = {})
        : Error(kind, error_message(problem, why, suggestion))
    {}
};

using ConfigError = ErrorOf<ExitCode::usage>;
using InputError = ErrorOf<ExitCode::input>;
using ModelError = ErrorOf<ExitCode::model>;
using DeviceError = ErrorOf<ExitCode::device>;
using LaunchError = ErrorOf<ExitCode::launch>;
using OutputError = ErrorOf<ExitCode::output>;
using InternalError = ErrorOf<ExitCode::internal>;

} // namespace distinfer
