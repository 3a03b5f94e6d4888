#pragma once

#include "distinfer/config/load.hpp"
#include "distinfer/core/error.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace distinfer::config
{

/// The shortest config that loads; what a test adds comes behind it.
inline std::string const minimal = "input: {files: data.h5}\n"
                                   "model: {path: model.pt2, inputs: [{dataset: /x}]}\n"
                                   "output: {file: out.h5}\n";

/// The message of the ConfigError that an action throws.
template <class F>
std::string message_of(F&& act)
{
    try {
        act();
    } catch (ConfigError const& error) {
        EXPECT_EQ(error.code(), ExitCode::usage);
        return error.what();
    }
    return "no error";
}

inline Config load(std::string const& text, Environment const& environment = {})
{
    return load_text(text, "c.yaml", "", environment);
}

inline std::string error_of(std::string const& text, Environment const& environment = {})
{
    return message_of([&] { load(text, environment); });
}

/// The error of lines behind the minimal config; the first of them is line 4.
inline std::string error_after_minimal(std::string const& lines)
{
    return error_of(minimal + lines);
}

/// A folder of its own for each test, taken away at its end.
class FolderTest : public testing::Test
{
  protected:
    FolderTest()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "distinfer-config-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }

    ~FolderTest() override
    {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::string in_folder(std::string const& name) const { return folder_ + "/" + name; }

    std::string write(std::string const& name, std::string const& text) const
    {
        std::ofstream{in_folder(name), std::ios::binary} << text;
        return in_folder(name);
    }

    std::string folder_;
};

} // namespace distinfer::config
