// dist-infer-describe: opens input files as a job would, so that a file over which HDF5 crashes takes this program down
// and not the job. The trial is on standard input, and what comes of it goes to descriptor 3 (io/trial.hpp).
#include "distinfer/core/error.hpp"
#include "distinfer/file/fully.hpp"
#include "distinfer/io/trial.hpp"

#include <csignal>
#include <iostream>
#include <iterator>
#include <new>
#include <span>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace
{

using namespace distinfer;

void limit(int resource, rlim_t most)
{
    rlimit const both{most, most};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

/// It writes nothing, leaves no core behind, needs no more memory than that, and is not there without its job.
void bind_hands()
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    if constexpr (DESCRIBE_MEMORY > 0) limit(RLIMIT_AS, rlim_t{DESCRIBE_MEMORY} << 30U);
}

void answer(std::string const& text)
{
    file::write_fully(std::as_bytes(std::span{text}), 0, [](void const* bytes, std::size_t count, std::int64_t) {
        return ::write(io::trial_answers, bytes, count);
    });
}

void answer(ExitCode code, std::string const& message)
{
    answer("error " + std::to_string(static_cast<int>(code)) + "\n" + message);
}

void run()
{
    std::string file;
    try {
        auto const trial = io::decode_trial({std::istreambuf_iterator<char>{std::cin}, {}});
        io::run_trial(trial, [&](std::size_t number) {
            file = trial.files[number];
            answer("file " + std::to_string(number) + "\n");
        });
        answer("done\n");
    } catch (Error const& error) {
        answer(error.code(), error.what());
    } catch (std::bad_alloc const&) {
        answer(ExitCode::input, error_message("cannot read " + file, "it says that it takes more memory than there is",
                                              "the file is damaged or made to do harm: copy or write it again"));
    }
}

} // namespace

int main()
{
    bind_hands();
    run();
    // The answers tell how it went; HDF5 has nothing to put away.
    ::_exit(0);
}
