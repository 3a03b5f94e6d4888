#include "distinfer/comm/mpi_session.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"
#include "mpi_handle.hpp"

#include <exception>

namespace distinfer::comm
{

MpiSession::MpiSession() : exceptions_at_start_(std::uncaught_exceptions())
{
    int provided = MPI_THREAD_SINGLE;
    check_mpi(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided), "start");
    check_mpi(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "set the error handler");
    if (provided < MPI_THREAD_SERIALIZED)
        throw LaunchError("this MPI library cannot be used", "it does not support MPI_THREAD_SERIALIZED",
                          "use an Open MPI built with thread support");
}

MpiSession::~MpiSession()
{
    if (std::uncaught_exceptions() == exceptions_at_start_) MPI_Finalize();
}

std::string mpi_library()
{
    std::string text(MPI_MAX_LIBRARY_VERSION_STRING, '\0');
    int length = 0;
    MPI_Get_library_version(text.data(), &length);
    text.resize(narrow<std::size_t>(length));
    return text.substr(0, text.find_first_of(",\n"));
}

} // namespace distinfer::comm
