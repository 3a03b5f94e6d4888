#include "distinfer/core/error.hpp"
#include "distinfer/file/file.hpp"
#include "layout.hpp"
#include "libtorch_name.hpp"
#include "package_spec.hpp"
#include "package_target.hpp"
#include "precision.hpp"
#include "program.hpp"
#include "torch_error.hpp"

#include <c10/core/Device.h>
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>

#include <cstdlib>
#include <stdexcept>

namespace distinfer::model
{

namespace
{

constexpr auto model_name = "model"; ///< what torch._inductor.aoti_compile_and_package calls it

class AotInductorProgram : public Program
{
  public:
    AotInductorProgram(std::span<std::byte const> file, LoadOptions const& options);

    std::string format() const override { return "AOTInductor"; }
    std::vector<std::string> input_names() const override;
    BatchRange batch_range() const override;
    void check(Binding const& binding) const override;
    bool wants_full_batches() const override { return true; }
    std::vector<NamedResult> call(std::vector<c10::IValue> arguments) override;

  private:
    std::vector<at::Tensor> run(std::vector<at::Tensor> const& inputs);

    std::string name_;
    file::TemporaryFile package_;
    torch::inductor::AOTIModelPackageLoader loader_;
    std::optional<PackageSpec> spec_;
};

c10::DeviceIndex device_index(LoadOptions const& options)
{
    c10::Device const device{options.device};
    return device.is_cpu() ? c10::DeviceIndex{-1} : device.index();
}

/// A package that is for this machine, and that will refuse what it was not compiled for instead of computing numbers
/// from it.
std::string const& checked(std::string const& path, LoadOptions const& options)
{
    setenv("AOTI_RUNTIME_CHECK_INPUTS", "1", 1);
    auto const metadata = torch::inductor::AOTIModelPackageLoader::load_metadata_from_package(path, model_name);
    check_target(metadata, this_machine(options.device), options.name);
    answer_to_libtorch();
    return path;
}

AotInductorProgram::AotInductorProgram(std::span<std::byte const> file, LoadOptions const& options)
    : name_(options.name),
      package_(file, ".pt2"),
      // Batches are computed one at a time in any case. Where the package sees to that, it has each batch wait on the
      // host for the one before, and the device is idle meanwhile.
      loader_(checked(package_.path(), options), model_name, device_index(options) >= 0, 1, device_index(options))
{
    auto const metadata = loader_.get_metadata();
    if (auto const found = metadata.find("distinfer.spec"); found != metadata.end())
        spec_ = parse_package_spec(found->second, name_);
}

std::vector<std::string> AotInductorProgram::input_names() const
{
    std::vector<std::string> names;
    if (spec_)
        for (auto const& input : spec_->inputs) names.push_back(input.name);
    return names;
}

BatchRange AotInductorProgram::batch_range() const
{
    return spec_ ? BatchRange{spec_->least_batch, spec_->largest_batch} : BatchRange{};
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

/// A package prints what is wrong, and throws that something is.
std::vector<at::Tensor> AotInductorProgram::run(std::vector<at::Tensor> const& inputs)
{
    try {
        return loader_.run(inputs);
    } catch (std::exception const& error) {
        auto const message = torch_message(error);
        if (message.find("API call failed") == std::string::npos) throw;
        throw std::runtime_error("the package's own message, above on standard error, says why");
    }
}

std::vector<NamedResult> AotInductorProgram::call(std::vector<c10::IValue> arguments)
{
    std::vector<at::Tensor> inputs;
    for (auto& argument : arguments) inputs.push_back(std::move(argument).toTensor());
    auto const outputs = run(inputs);

    std::vector<NamedResult> results;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        bool const named = spec_ && i < spec_->outputs.size();
        auto const number = outputs.size() == 1 ? "output" : "output_" + std::to_string(i);
        results.push_back({named ? spec_->outputs[i] : number, outputs[i]});
    }
    return results;
}

} // namespace

std::unique_ptr<Program> load_aotinductor(std::span<std::byte const> file, LoadOptions const& options)
{
    require_compiled_precision(options);
    require_compiled_layout(options);
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
