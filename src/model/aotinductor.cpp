#include "distinfer/core/error.hpp"
#include "distinfer/io/file.hpp"
#include "package_spec.hpp"
#include "program.hpp"
#include "torch_error.hpp"

#include <c10/core/Device.h>
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>

#include <cstdlib>
#include <unordered_map>

namespace distinfer::model
{

namespace
{

constexpr auto model_name = "model"; ///< what torch._inductor.aoti_compile_and_package calls it

using Metadata = std::unordered_map<std::string, std::string>;

class AotInductorProgram : public Program
{
  public:
    AotInductorProgram(std::vector<std::byte> const& file, LoadOptions const& options);

    std::string format() const override { return "AOTInductor"; }
    std::vector<std::string> input_names() const override;
    void check(Binding const& binding) const override;
    bool wants_full_batches() const override { return true; }
    std::vector<NamedResult> call(std::vector<c10::IValue> arguments) override;

  private:
    void check_device(Metadata const& metadata, LoadOptions const& options) const;

    std::string name_;
    io::TemporaryFile package_;
    torch::inductor::AOTIModelPackageLoader loader_;
    std::optional<PackageSpec> spec_;
};

c10::DeviceIndex device_index(LoadOptions const& options)
{
    c10::Device const device{options.device};
    return device.is_cpu() ? c10::DeviceIndex{-1} : device.index();
}

/// Makes the package refuse what it was not compiled for, instead of computing numbers from it.
std::string const& with_runtime_checks(std::string const& path)
{
    setenv("AOTI_RUNTIME_CHECK_INPUTS", "1", 1);
    return path;
}

AotInductorProgram::AotInductorProgram(std::vector<std::byte> const& file, LoadOptions const& options)
    : name_(options.name),
      package_(file, ".pt2"),
      loader_(with_runtime_checks(package_.path()), model_name, false, 1, device_index(options))
{
    auto const metadata = loader_.get_metadata();
    check_device(metadata, options);
    if (auto const found = metadata.find("distinfer.spec"); found != metadata.end())
        spec_ = parse_package_spec(found->second, name_);
}

void AotInductorProgram::check_device(Metadata const& metadata, LoadOptions const& options) const
{
    auto const compiled = metadata.find("AOTI_DEVICE_KEY");
    auto const wanted = c10::DeviceTypeName(c10::Device(options.device).type(), true);
    if (compiled == metadata.end() || compiled->second == wanted) return;
    throw ModelError(name_ + " was compiled for the device '" + compiled->second + "'", "this rank runs on " + wanted,
                     "set run.device, or export the model for " + wanted);
}

std::vector<std::string> AotInductorProgram::input_names() const
{
    std::vector<std::string> names;
    if (spec_)
        for (auto const& input : spec_->inputs) names.push_back(input.name);
    return names;
}

void AotInductorProgram::check(Binding const& binding) const
{
    // Without a spec the package checks itself when it runs; it knows shapes and types, but not every batch that works.
    if (!spec_) return;
    std::vector<TensorSpec> cast;
    std::size_t dataset = 0;
    for (auto const& input : binding.inputs) {
        if (input.constant)
            throw ModelError(name_ + " takes no constant", "an AOTInductor package has its constants compiled in",
                             "take it out of model.inputs");
        cast.push_back(binding.specs.at(dataset++));
        cast.back().dtype = input.dtype.value_or(cast.back().dtype);
    }
    check_package(*spec_, cast, binding.batch_rows, name_);
}

std::vector<NamedResult> AotInductorProgram::call(std::vector<c10::IValue> arguments)
{
    std::vector<at::Tensor> inputs;
    for (auto& argument : arguments) inputs.push_back(std::move(argument).toTensor());
    auto const outputs = loader_.run(inputs);

    std::vector<NamedResult> results;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        bool const named = spec_ && i < spec_->outputs.size();
        auto const number = outputs.size() == 1 ? "output" : "output_" + std::to_string(i);
        results.push_back({named ? spec_->outputs[i] : number, outputs[i]});
    }
    return results;
}

} // namespace

std::unique_ptr<Program> load_aotinductor(std::vector<std::byte> const& file, LoadOptions const& options)
{
    try {
        return std::make_unique<AotInductorProgram>(file, options);
    } catch (Error const&) {
        throw;
    } catch (std::exception const& error) {
        throw ModelError(options.name + " cannot be loaded", torch_message(error),
                         "see that it was compiled for this machine and this LibTorch, and that TMPDIR is not "
                         "mounted noexec");
    }
}

} // namespace distinfer::model
