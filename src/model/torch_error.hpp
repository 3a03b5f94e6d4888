#pragma once

#include <exception>
#include <string>

namespace distinfer::model
{

/// The sentence of a LibTorch error that says what happened, without its tracebacks.
std::string torch_message(std::exception const& error);

} // namespace distinfer::model
