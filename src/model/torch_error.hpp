#pragma once

#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>

namespace distinfer::model
{

/// The sentence of a LibTorch error that says what happened, without its tracebacks.
std::string torch_message(std::exception const& error);

/// Whether an error has one of the words in it. TorchScript throws anew what its operations threw, and keeps only the
/// text.
bool says_any(std::exception const& error, std::initializer_list<std::string_view> words);

/// Whether an error says nothing of the rows: memory has run out, or the device is in no state to go on.
bool is_machines_fault(std::exception const& error);

/// Whether memory has run out, of the machine or of its device.
bool is_out_of_memory(std::exception const& error);

/// Whether a model wants gradients that nobody keeps.
bool is_about_grad(std::exception const& error);

} // namespace distinfer::model
