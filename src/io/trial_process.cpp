#include "distinfer/core/error.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/file/fully.hpp"
#include "distinfer/io/trial.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sstream>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

[[noreturn]] void fail_to_start(std::string const& program, int error)
{
    throw LaunchError("cannot start " + program, std::strerror(error),
                      "it looks at input files first: install it beside dist-infer");
}

/// What the child is started with: 0 the trial, 1 and 2 nowhere, and its answers.
class FileActions
{
  public:
    FileActions(int trial, int answers)
    {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_adddup2(&actions_, answers, trial_answers);
        posix_spawn_file_actions_adddup2(&actions_, trial, STDIN_FILENO);
        for (int const descriptor : {STDOUT_FILENO, STDERR_FILENO})
            posix_spawn_file_actions_addopen(&actions_, descriptor, "/dev/null", O_WRONLY, 0);
    }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
    FileActions(FileActions const&) = delete;
    FileActions& operator=(FileActions const&) = delete;

    posix_spawn_file_actions_t const* get() const noexcept { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

/// A file in memory, since a pipe would break where the child ends before it has read all of it.
file::FileDescriptor in_memory(std::string const& program, std::string const& text)
{
    file::FileDescriptor memory{::memfd_create("trial", MFD_CLOEXEC)};
    auto const error = file::write_fully(std::as_bytes(std::span{text}), 0,
                                         [&](auto... what) { return ::pwrite(memory.get(), what...); });
    if (!memory.valid() || error != 0) fail_to_start(program, error);
    // Standard input and the child's answers take the first descriptors; a copy must not be one of them.
    return file::FileDescriptor{::fcntl(memory.get(), F_DUPFD_CLOEXEC, trial_answers + 1)};
}

/// A program that runs a trial; ended, where it still runs, with the object.
class Child
{
  public:
    Child(std::string const& program, Trial const& trial)
    {
        auto const input = in_memory(program, encode(trial));
        std::array<int, 2> pipe{};
        if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail_to_start(program, errno);
        answers_ = file::FileDescriptor{pipe[0]};
        file::FileDescriptor const low{pipe[1]};
        file::FileDescriptor const to_answer{::fcntl(low.get(), F_DUPFD_CLOEXEC, trial_answers + 1)};
        // Nothing of this process is copied: MPI and its threads could not bear a fork.
        FileActions const actions{input.get(), to_answer.get()};
        std::array<char*, 2> arguments{const_cast<char*>(program.c_str()),
                                       nullptr}; // NOLINT(*-const-cast) as POSIX has it
        auto const error = ::posix_spawn(&process_, program.c_str(), actions.get(), nullptr, arguments.data(), environ);
        if (error != 0) fail_to_start(program, error);
        runs_ = true;
    }

    ~Child()
    {
        if (!runs_) return;
        ::kill(process_, SIGKILL);
        wait();
    }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    /// More of its answers, none where it has ended; nothing where none came in that time.
    std::optional<std::string> read(std::chrono::milliseconds patience) const
    {
        pollfd wanted{answers_.get(), POLLIN, 0};
        auto ready = 0;
        do {
            ready = ::poll(&wanted, 1, static_cast<int>(patience.count()));
        } while (ready < 0 && errno == EINTR);
        if (ready <= 0) return std::nullopt;
        std::array<char, 4096> some{};
        auto const bytes = ::read(answers_.get(), some.data(), some.size());
        return std::string{some.data(), static_cast<std::size_t>(std::max<ssize_t>(bytes, 0))};
    }

    /// Its status, as waitpid has it.
    int wait()
    {
        int status = 0;
        while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
        }
        runs_ = false;
        return status;
    }

  private:
    file::FileDescriptor answers_;
    pid_t process_ = 0;
    bool runs_ = false;
};

/// What the child has said: lines "file N", and at the end "done", or "error CODE" with a message below.
struct Answers
{
    std::size_t file = 0; ///< that it began last
    bool done = false;
    std::optional<Error> error;
};

Answers parse(std::string const& text)
{
    Answers answers;
    std::istringstream lines{text};
    for (std::string word; lines >> word;) {
        if (word == "file") lines >> answers.file;
        if (word == "done") answers.done = true;
        if (word != "error") continue;
        int code = 0;
        lines >> code;
        lines.get();
        std::ostringstream message;
        message << lines.rdbuf();
        answers.error.emplace(static_cast<ExitCode>(code), message.str());
    }
    return answers;
}

std::string how_it_ended(int status)
{
    if (!WIFSIGNALED(status)) return "it ended with exit code " + std::to_string(WEXITSTATUS(status));
    return ::strsignal(WTERMSIG(status)); // NOLINT(concurrency-mt-unsafe) only this thread asks
}

} // namespace

std::string trial_program()
{
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "dist-infer-describe";
}

void run_trial_apart(std::string const& program, Trial const& trial, std::chrono::milliseconds patience)
{
    Child child{program, trial};
    std::string text;
    auto const problem = [&] { return "cannot read " + trial.files.at(parse(text).file); };
    for (;;) {
        auto const more = child.read(patience);
        if (!more)
            throw InputError(problem(),
                             "HDF5 gave no answer for " + std::to_string(patience.count() / 1000) +
                                 " s when it opened the file",
                             "if its disk is well, the file is damaged or made to do harm: copy or write it again");
        if (more->empty()) break;
        text += *more;
    }
    auto const status = child.wait();
    auto const answers = parse(text);
    if (answers.error) throw Error{*answers.error};
    if (answers.done) return;
    throw InputError(problem(), "HDF5 crashed when it opened the file: " + how_it_ended(status),
                     "the file is damaged or made to do harm: copy or write it again");
}

} // namespace distinfer::io
