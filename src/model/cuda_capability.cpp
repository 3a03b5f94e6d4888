#include "cuda_capability.hpp"

#include <dlfcn.h>
#include <memory>

namespace distinfer::model
{

namespace
{

// Of cuda.h: CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR.
constexpr int major_attribute = 75;
constexpr int minor_attribute = 76;

struct Close
{
    void operator()(void* library) const noexcept { ::dlclose(library); }
};

/// A function of the driver, all of which give 0 where they succeed.
template <class... Arguments>
bool call(void* driver, char const* name, Arguments... arguments)
{
    auto* const function = reinterpret_cast<int (*)(Arguments...)>(::dlsym(driver, name));
    return function && function(arguments...) == 0;
}

} // namespace

std::optional<int> cuda_capability(int index)
{
    std::unique_ptr<void, Close> const library{::dlopen("libcuda.so.1", RTLD_LAZY)};
    auto* const driver = library.get();
    int device = 0;
    int major = 0;
    int minor = 0;
    if (!driver || !call(driver, "cuInit", 0U) || !call(driver, "cuDeviceGet", &device, index) ||
        !call(driver, "cuDeviceGetAttribute", &major, major_attribute, device) ||
        !call(driver, "cuDeviceGetAttribute", &minor, minor_attribute, device))
        return std::nullopt;
    return major * 10 + minor;
}

} // namespace distinfer::model
