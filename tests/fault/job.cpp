#include "fault/job.hpp"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace distinfer::test
{

namespace
{

std::string content_of(std::string const& path)
{
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    return text.str();
}

std::vector<std::string> command_line(std::string const& program, std::string const& config,
                                      std::vector<std::string> const& options, Start const& start)
{
    std::vector<std::string> words;
    if (start.ranks > 0)
        words = {mpiexec_path(), "--oversubscribe", "--bind-to", "none", "-np", std::to_string(start.ranks)};
    std::istringstream launcher_options{start.launcher_options};
    for (std::string word; launcher_options >> word;) words.push_back(word);
    words.push_back(program);
    words.push_back(config);
    words.insert(words.end(), options.begin(), options.end());
    return words;
}

[[noreturn]] void become(std::vector<std::string> words, std::vector<std::string> environment,
                         std::string const& output)
{
    int const file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    for (auto& variable : environment) ::putenv(variable.data());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
}

} // namespace

Job::Job(std::string program, std::string config, std::vector<std::string> const& options, Start const& start)
    : program_(std::move(program)), config_(std::move(config))
{
    auto const words = command_line(program_, config_, options, start);
    launcher_ = ::fork();
    if (launcher_ < 0) throw std::runtime_error("cannot fork");
    if (launcher_ == 0) become(words, start.environment, folder_ / "err");
}

Job::~Job()
{
    if (launcher_ <= 0) return;
    kill_all();
    ::waitpid(launcher_, nullptr, 0);
}

std::vector<pid_t> Job::processes() const
{
    std::vector<pid_t> found;
    for (auto const& entry : std::filesystem::directory_iterator{"/proc"}) {
        auto const name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        if (content_of(entry.path() / "cmdline").find(config_) != std::string::npos) found.push_back(std::stoi(name));
    }
    return found;
}

std::vector<pid_t> Job::ranks() const
{
    std::vector<pid_t> found;
    for (auto const process : processes())
        if (content_of("/proc/" + std::to_string(process) + "/cmdline").starts_with(program_)) found.push_back(process);
    return found;
}

std::optional<pid_t> Job::rank(int number) const
{
    auto const variable = std::string{'\0'} + "OMPI_COMM_WORLD_RANK=" + std::to_string(number) + '\0';
    for (auto const process : ranks())
        if (content_of("/proc/" + std::to_string(process) + "/environ").find(variable) != std::string::npos)
            return process;
    return std::nullopt;
}

/// Until none is found twice: the launcher may start one more meanwhile, and one that is just being started has no
/// command line for a moment.
void Job::kill_all() const
{
    for (int found_none = 0; found_none < 2;) {
        auto const left = processes();
        found_none = left.empty() ? found_none + 1 : 0;
        for (auto const process : left) ::kill(process, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds{3});
    }
}

bool Job::runs_until(std::function<bool()> const& holds) const
{
    while (!holds()) {
        siginfo_t ended = {};
        ::waitid(P_PID, static_cast<id_t>(launcher_), &ended, WEXITED | WNOHANG | WNOWAIT);
        if (ended.si_pid != 0) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

void Job::signal_launcher(int signal) const
{
    ::kill(launcher_, signal);
}

int Job::wait(double seconds)
{
    auto const end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    int status = 0;
    bool in_time = true;
    while (::waitpid(launcher_, &status, WNOHANG) == 0) {
        in_time = std::chrono::steady_clock::now() < end;
        if (!in_time) {
            kill_all();
            ::waitpid(launcher_, &status, 0);
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    launcher_ = -1;
    if (!in_time) return 124;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Job::err() const
{
    return content_of(folder_ / "err");
}

} // namespace distinfer::test
