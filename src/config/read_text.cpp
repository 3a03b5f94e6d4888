#include "read_text.hpp"

#include "node.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace distinfer::config
{

namespace
{

constexpr std::size_t largest = std::size_t{16} << 20;

constexpr auto hint = "give a YAML config, as --dump-default prints one";

std::ifstream open(std::string const& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) fail_at(path, "this is a folder", "a config is a file", hint);
    errno = 0;
    std::ifstream stream{path, std::ios::binary};
    if (!stream) fail_at(path, "the config cannot be read", std::strerror(errno), "check its path and permissions");
    return stream;
}

} // namespace

std::string read_text(std::string const& path)
{
    auto stream = open(path);
    std::string text(largest + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) fail_at(path, "the config cannot be read", std::strerror(errno), "check the file system");
    if (text.size() > largest) fail_at(path, "the file is too large for a config", "the limit is 16 MiB", hint);
    if (text.empty()) fail_at(path, "the file is empty", "", hint);
    if (text.find('\0') != std::string::npos) fail_at(path, "the file is not text", "it holds a NUL byte", hint);
    return text;
}

} // namespace distinfer::config
