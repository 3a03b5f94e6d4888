#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace distinfer::model
{

enum class Format { torchscript, aotinductor };

/// Tells a model file by its content, never by its name.
/// @throws ModelError that says what else the file is (torch.export, a state_dict, ONNX, safetensors, ...), and how a
/// file that dist-infer takes is made of it
Format identify(std::span<std::byte const> file, std::string const& name);

} // namespace distinfer::model
