#include "libraries.hpp"

#include "distinfer/core/error.hpp"
#include "libtorch_name.hpp"

#include <dlfcn.h>

namespace distinfer::model
{

void load_libraries(std::vector<std::string> const& paths)
{
    if (!paths.empty()) answer_to_libtorch();
    for (auto const& path : paths) {
        // A model, or another library, may want what it has; what is registered points into it.
        if (::dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL)) continue;
        char const* why = ::dlerror();
        throw ModelError(path + " cannot be loaded", why ? why : "the loader does not say why",
                         "model.libraries names it: it has to be there on every host, for this LibTorch");
    }
}

} // namespace distinfer::model
