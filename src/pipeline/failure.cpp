#include "distinfer/pipeline/failure.hpp"

#include <new>

namespace distinfer::pipeline
{

Failure failure_of(std::exception_ptr const& exception)
{
    try {
        std::rethrow_exception(exception);
    } catch (Error const& error) {
        return {error.code(), error.what()};
    } catch (std::bad_alloc const&) {
        return {ExitCode::usage, error_message("out of memory", "a window did not fit",
                                               "make run.window, run.batch or run.credits smaller")};
    } catch (std::exception const& error) {
        return {ExitCode::internal, std::string{"internal error: "} + error.what()};
    }
}

} // namespace distinfer::pipeline
