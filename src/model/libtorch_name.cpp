#include "libtorch_name.hpp"

#include <dlfcn.h>

namespace distinfer::model
{

void answer_to_libtorch()
{
    auto const load = [](char const* path, int how) { return dlopen(path, RTLD_LAZY | how) != nullptr; };
    // Where none is there the package fails to load, and its message names the library that it misses.
    load("libtorch.so", RTLD_NOLOAD) || load("$ORIGIN/" LIBTORCH_STUB, 0) ||
        load("$ORIGIN/../" LIBTORCH_STUB_FOLDER "/" LIBTORCH_STUB, 0);
}

} // namespace distinfer::model
