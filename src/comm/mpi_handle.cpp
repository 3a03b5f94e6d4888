#include "mpi_handle.hpp"

#include "distinfer/comm/rank_lost.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"
#include "ulfm.hpp"

#include <exception>
#include <string>

namespace distinfer::comm
{

void check_mpi(int code, std::string_view what)
{
    if (code == MPI_SUCCESS) return;
    std::string text(MPI_MAX_ERROR_STRING, '\0');
    int length = 0;
    MPI_Error_string(code, text.data(), &length);
    text.resize(narrow<std::size_t>(length));
    if (ulfm::is_loss(code) || ulfm::is_revoked(code))
        throw RankLost("MPI could not " + std::string{what}, text, "the others go on without the rank that died");
    throw LaunchError("MPI failed to " + std::string{what}, text, "see whether a rank or its host was lost");
}

CommunicatorCopy::CommunicatorCopy(MPI_Comm of) : exceptions_at_start_(std::uncaught_exceptions())
{
    check_mpi(MPI_Comm_dup(of, &handle_), "duplicate the communicator");
    check_mpi(MPI_Comm_set_errhandler(handle_, MPI_ERRORS_RETURN), "set the error handler");
}

CommunicatorCopy::~CommunicatorCopy()
{
    // MPI_Comm_free is collective: while an exception unwinds, the other ranks may never come.
    if (std::uncaught_exceptions() == exceptions_at_start_) MPI_Comm_free(&handle_);
}

} // namespace distinfer::comm
