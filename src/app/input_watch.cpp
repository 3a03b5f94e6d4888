#include "distinfer/app/input_watch.hpp"

#include "distinfer/core/error.hpp"
#include "distinfer/file/fully.hpp"
#include "distinfer/file/retries.hpp"

#include <cstring>
#include <filesystem>
#include <sys/stat.h>

namespace distinfer::app
{

namespace
{

std::string state_of(std::string const& path, std::string_view suggestion)
{
    struct stat about = {};
    auto const problem = "cannot read " + path;
    if (auto const error = file::uninterrupted([&] { return ::stat(path.c_str(), &about); },
                                               file::Retries{file::Retries::Of::reading, problem}))
        throw InputError(problem, std::strerror(error), suggestion);
    return std::to_string(about.st_size) + " bytes, changed at " + std::to_string(about.st_mtim.tv_sec) + "." +
           std::to_string(about.st_mtim.tv_nsec);
}

} // namespace

InputWatch::InputWatch(std::vector<std::string> files)
{
    for (auto& path : files) {
        auto state = state_of(path, "check the path in input.files");
        files_.push_back({"input file " + std::to_string(files_.size() + 1), std::move(path), std::move(state)});
    }
}

void InputWatch::add(std::vector<std::string> behind)
{
    for (std::size_t i = 0; i < behind.size(); ++i) {
        auto state = state_of(behind[i], "an input file refers to it: put it in its place");
        files_.push_back({"file behind the inputs " + std::to_string(i + 1), std::move(behind[i]), std::move(state)});
    }
}

void InputWatch::check() const
{
    for (auto const& [name, path, state] : files_) {
        auto const now = state_of(path, "see that nobody moves it while jobs use it");
        if (now == state) continue;
        throw InputError(path + " has changed while the job read it", "it was " + state + ", and is " + now,
                         "what is recorded was read before; start anew with run.resume: never");
    }
}

ledger::Fingerprint InputWatch::fields() const
{
    ledger::Fingerprint fields;
    for (auto const& [name, path, state] : files_)
        fields.push_back({name, std::filesystem::weakly_canonical(path).string() + ": " + state});
    return fields;
}

} // namespace distinfer::app
