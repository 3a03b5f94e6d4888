#include "corpus.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace distinfer::fuzz
{

namespace
{

Input read(std::filesystem::path const& path)
{
    std::ifstream stream{path, std::ios::binary};
    if (!stream) throw std::runtime_error("cannot read " + path.string());
    Input input;
    std::transform(std::istreambuf_iterator<char>{stream}, {}, std::back_inserter(input),
                   [](char character) { return static_cast<std::byte>(character); });
    return input;
}

} // namespace

std::vector<Input> read_corpus(std::vector<std::string> const& paths)
{
    std::vector<std::filesystem::path> files;
    for (auto const& path : paths) {
        if (!std::filesystem::is_directory(path))
            files.emplace_back(path);
        else
            std::copy(std::filesystem::directory_iterator{path}, {}, std::back_inserter(files));
    }
    std::ranges::sort(files);
    std::vector<Input> corpus;
    for (auto const& file : files) corpus.push_back(read(file));
    return corpus;
}

} // namespace distinfer::fuzz
