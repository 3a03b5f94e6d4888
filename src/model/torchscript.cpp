#include "archive_bytes.hpp"
#include "distinfer/core/did_you_mean.hpp"
#include "distinfer/core/error.hpp"
#include "flatten.hpp"
#include "layout.hpp"
#include "precision.hpp"
#include "program.hpp"
#include "torch_error.hpp"
#include "written_inputs.hpp"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>

namespace distinfer::model
{

namespace
{

class TorchScriptProgram : public Program
{
  public:
    TorchScriptProgram(torch::jit::Module module, LoadOptions const& options);

    std::string format() const override { return "TorchScript"; }
    std::vector<std::string> input_names() const override;
    void check(Binding const& binding) const override;
    bool wants_full_batches() const override { return false; }
    bool may_write_inputs() const override { return may_write_inputs_; }
    std::vector<NamedState> state() const override;
    std::vector<NamedResult> call(std::vector<c10::IValue> arguments) override;

  private:
    /// The arguments, without self.
    std::vector<c10::Argument> arguments() const;
    std::string signature() const;
    void check_kind(c10::Argument const& argument, bool gets_tensor) const;

    torch::jit::Module module_;
    torch::jit::Method method_;
    std::string name_;
    bool may_write_inputs_;
};

torch::jit::Method find_method(torch::jit::Module const& module, LoadOptions const& options)
{
    if (auto const method = module.find_method(options.method)) return *method;
    std::vector<std::string> names;
    for (auto const& method : module.get_methods()) names.push_back(method.name());
    std::vector<std::string_view> const views(names.begin(), names.end());
    throw ModelError(options.name + " has no method '" + options.method + "'", "model.method names it",
                     did_you_mean(options.method, views));
}

/// Parameters and buffers.
std::vector<at::Tensor> tensors_of(torch::jit::Module const& module)
{
    std::vector<at::Tensor> tensors;
    for (auto const& tensor : module.parameters()) tensors.push_back(tensor);
    for (auto const& tensor : module.buffers()) tensors.push_back(tensor);
    return tensors;
}

TorchScriptProgram::TorchScriptProgram(torch::jit::Module module, LoadOptions const& options)
    : module_(std::move(module)),
      method_(find_method(module_, options)),
      name_(options.name),
      may_write_inputs_(model::may_write_inputs(method_))
{}

std::vector<c10::Argument> TorchScriptProgram::arguments() const
{
    auto const& all = method_.function().getSchema().arguments();
    return {all.begin() + 1, all.end()};
}

std::string TorchScriptProgram::signature() const
{
    std::string text = method_.name() + "(";
    for (auto const& argument : arguments())
        text.append(text.back() == '(' ? "" : ", ").append(argument.name() + ": " + argument.type()->repr_str());
    return text + ")";
}

std::vector<std::string> TorchScriptProgram::input_names() const
{
    std::vector<std::string> names;
    for (auto const& argument : arguments())
        if (argument.type()->isSubtypeOf(*c10::TensorType::get())) names.push_back(argument.name());
    return names;
}

void TorchScriptProgram::check(Binding const& binding) const
{
    auto const wanted = arguments();
    auto const required = static_cast<std::size_t>(std::count_if(
        wanted.begin(), wanted.end(), [](c10::Argument const& argument) { return !argument.default_value(); }));
    if (binding.inputs.size() < required || binding.inputs.size() > wanted.size())
        throw ModelError(name_ + " takes " + std::to_string(required) + " inputs, the config gives " +
                             std::to_string(binding.inputs.size()),
                         "its signature is " + signature(), "list one entry for each argument in model.inputs");

    for (std::size_t i = 0; i < binding.inputs.size(); ++i) check_kind(wanted[i], !binding.inputs[i].constant);
}

/// What takes a tensor, an Optional[Tensor] too, takes no constant: a config cannot say None.
void TorchScriptProgram::check_kind(c10::Argument const& argument, bool gets_tensor) const
{
    bool const takes_tensor = c10::TensorType::get()->isSubtypeOf(*argument.type());
    if (takes_tensor == gets_tensor) return;
    throw ModelError(name_ + " takes " + (takes_tensor ? "a tensor" : "no tensor") + " as argument '" +
                         argument.name() + "'",
                     "its signature is " + signature(),
                     takes_tensor ? "give a dataset in model.inputs" : "give a constant in model.inputs");
}

/// Adds what a value holds, element by element.
void add_state(std::vector<NamedState>& state, std::string const& name, c10::IValue const& value)
{
    if (value.isList()) {
        for (auto const& element : value.toListRef()) add_state(state, name, element);
    } else if (value.isTuple()) {
        for (auto const& element : value.toTupleRef().elements()) add_state(state, name, element);
    } else if (value.isGenericDict()) {
        for (auto const& entry : value.toGenericDict()) add_state(state, name, entry.value());
    } else if (!value.isObject()) {
        state.push_back({name, value});
    }
}

std::vector<NamedState> TorchScriptProgram::state() const
{
    std::vector<NamedState> state;
    for (auto const& attribute : module_.named_attributes()) add_state(state, attribute.name, attribute.value);
    return state;
}

std::vector<NamedResult> TorchScriptProgram::call(std::vector<c10::IValue> arguments)
{
    return flatten(method_(std::move(arguments)));
}

} // namespace

std::unique_ptr<Program> load_torchscript(std::span<std::byte const> file, LoadOptions const& options)
{
    // On a GPU, elementwise operations would be fused once a rank has run a batch or two, and what is fused rounds
    // differently: the bits of a row would depend on how many batches its rank had run before.
    torch::jit::setTensorExprFuserEnabled(false);
    try {
        auto module = torch::jit::load(std::make_shared<ArchiveBytes>(file), c10::Device(options.device));
        module.eval();
        cast_weights(tensors_of(module), options);
        lay_out_weights(tensors_of(module), options);
        return std::make_unique<TorchScriptProgram>(std::move(module), options);
    } catch (Error const&) {
        throw;
    } catch (std::exception const& error) {
        auto const why = torch_message(error);
        bool const lacks_operation = why.find("Unknown builtin op") != std::string::npos;
        throw ModelError(options.name + " cannot be loaded", why,
                         lacks_operation ? "name the library that has the operation in model.libraries"
                                         : "see that it was saved by a PyTorch no newer than this LibTorch");
    }
}

} // namespace distinfer::model
