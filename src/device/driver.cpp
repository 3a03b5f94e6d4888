#include "driver.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <dlfcn.h>
#include <memory>
#include <optional>

namespace distinfer::device
{

namespace
{

/// What a driver calls the questions. CUDA's and HIP's take the same arguments; 0 is success. None of them makes a
/// context, and their numbers are those of LibTorch.
struct Names
{
    char const* library;
    char const* init;
    char const* device;
    char const* model;
    char const* memory;
    char const* bus;
    char const* uuid;
    char const* attribute; ///< HIP's are numbered otherwise, and nobody asks for them
};

constexpr Names cuda{.library = "libcuda.so.1",
                     .init = "cuInit",
                     .device = "cuDeviceGet",
                     .model = "cuDeviceGetName",
                     .memory = "cuDeviceTotalMem_v2",
                     .bus = "cuDeviceGetPCIBusId",
                     .uuid = "cuDeviceGetUuid_v2", // of a part where there are parts; cuDeviceGetUuid tells the whole
                     .attribute = "cuDeviceGetAttribute"};

constexpr Names hip{.library = nullptr, // LibTorch has it, under a name that changes
                    .init = "hipInit",
                    .device = "hipDeviceGet",
                    .model = "hipDeviceGetName",
                    .memory = "hipDeviceTotalMem",
                    .bus = "hipDeviceGetPCIBusId",
                    .uuid = "hipDeviceGetUuid",
                    .attribute = nullptr};

// Of cuda.h: CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR.
constexpr int major_attribute = 75;
constexpr int minor_attribute = 76;

class Driver
{
  public:
    explicit Driver(Names const& names)
        : names_(names), library_(::dlopen(names.library, RTLD_LAZY), [](void* library) {
              if (library != nullptr) ::dlclose(library);
          })
    {}

    void fill(DeviceFacts& device) const
    {
        int handle = 0;
        if (!open(device.number, handle)) return;
        std::array<char, 256> text{};
        auto const size = static_cast<int>(text.size() - 1);
        if (ask<char*, int, int>(names_.model, text.data(), size, handle)) device.model = text.data();
        if (ask<char*, int, int>(names_.bus, text.data(), size, handle)) device.bus = bus_text(text.data());
        std::size_t bytes = 0;
        if (ask<std::size_t*, int>(names_.memory, &bytes, handle)) device.memory_bytes = bytes;
        std::array<unsigned char, 16> uuid{};
        if (ask<unsigned char*, int>(names_.uuid, uuid.data(), handle)) device.uuid = uuid_text(uuid, device.model);
    }

    std::optional<int> capability(int number) const
    {
        int handle = 0;
        int major = 0;
        int minor = 0;
        if (!open(number, handle) || !ask<int*, int, int>(names_.attribute, &major, major_attribute, handle) ||
            !ask<int*, int, int>(names_.attribute, &minor, minor_attribute, handle))
            return std::nullopt;
        return major * 10 + minor;
    }

  private:
    bool open(int number, int& handle) const
    {
        return ask<unsigned>(names_.init, 0U) && ask<int*, int>(names_.device, &handle, number);
    }

    template <class... Arguments>
    bool ask(char const* name, Arguments... arguments) const
    {
        if (!library_) return false;
        auto* const function = reinterpret_cast<int (*)(Arguments...)>(::dlsym(library_.get(), name));
        return function != nullptr && function(arguments...) == 0;
    }

    Names const& names_;
    std::shared_ptr<void> library_;
};

std::string hex(std::array<unsigned char, 16> const& bytes)
{
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::array<char, 3> digits{};
        std::snprintf(digits.data(), digits.size(), "%02x", static_cast<unsigned>(bytes[i]));
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += digits.data();
    }
    return text;
}

} // namespace

std::string uuid_text(std::array<unsigned char, 16> const& bytes, std::string_view model)
{
    if (std::ranges::all_of(bytes, [](unsigned char byte) { return byte == 0; })) return {};
    if (std::ranges::all_of(bytes, [](unsigned char byte) { return std::isxdigit(byte) != 0; }))
        return "GPU-" + std::string(bytes.begin(), bytes.end());
    return (model.find(" MIG ") != std::string_view::npos ? "MIG-" : "GPU-") + hex(bytes);
}

std::string bus_text(std::string_view bus)
{
    std::string text{bus};
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

void ask_driver(DeviceFacts& device)
{
    Driver{cuda}.fill(device);
    if (device.bus.empty()) Driver{hip}.fill(device);
}

std::optional<int> cuda_capability(int number)
{
    return Driver{cuda}.capability(number);
}

} // namespace distinfer::device
