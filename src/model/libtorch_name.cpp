#include "libtorch_name.hpp"

#include <dlfcn.h>
#include <filesystem>

namespace distinfer::model
{

namespace
{

bool load(std::string const& path, int how)
{
    return dlopen(path.c_str(), RTLD_LAZY | how) != nullptr;
}

} // namespace

void answer_to_libtorch()
{
    if (load("libtorch.so", RTLD_NOLOAD)) return;
    std::error_code ignored;
    auto const here = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    // Where none is there the package fails to load, and its message names the library that it misses.
    load(here / LIBTORCH_STUB, 0) || load(here.parent_path() / LIBTORCH_STUB_FOLDER / LIBTORCH_STUB, 0);
}

} // namespace distinfer::model
