#include "torch_error.hpp"

#include <c10/util/Exception.h>

#include <algorithm>
#include <new>
#include <sstream>

namespace distinfer::model
{

namespace
{

bool is_noise(std::string const& line)
{
    return line.find_first_not_of(" \t~^") == std::string::npos || line.starts_with("The following operation failed") ||
           line.starts_with("Traceback") || line.starts_with("Exception raised from");
}

} // namespace

std::string torch_message(std::exception const& error)
{
    auto const* c10_error = dynamic_cast<c10::Error const*>(&error);
    std::istringstream text{c10_error ? c10_error->what_without_backtrace() : error.what()};
    std::string first;
    std::string raised;
    for (std::string line; std::getline(text, line);) {
        if (is_noise(line)) continue;
        if (first.empty()) first = line;
        // TorchScript puts the traceback first, and what was raised last.
        if (line.find("Error: ") != std::string::npos || line.starts_with("torch.jit.Error")) raised = line;
    }
    if (raised.empty()) return first.empty() ? "unknown LibTorch error" : first;
    auto const colon = raised.find("Error: ");
    return colon == std::string::npos ? raised : raised.substr(colon + 7);
}

bool says_any(std::exception const& error, std::initializer_list<std::string_view> words)
{
    std::string_view const text{error.what()};
    return std::ranges::any_of(words, [&](auto said) { return text.find(said) != std::string_view::npos; });
}

bool is_out_of_memory(std::exception const& error)
{
    if (dynamic_cast<std::bad_alloc const*>(&error) || dynamic_cast<c10::OutOfMemoryError const*>(&error)) return true;
    return says_any(error, {"can't allocate memory", "not enough memory", "CUDA out of memory", "HIP out of memory",
                            "error: out of memory", "std::bad_alloc"});
}

bool is_machines_fault(std::exception const& error)
{
    return is_out_of_memory(error) || says_any(error, {"CUDA error", "HIP error"});
}

bool is_about_grad(std::exception const& error)
{
    return says_any(error, {"does not require grad", "Inference tensors cannot", "inference tensor"});
}

} // namespace distinfer::model
