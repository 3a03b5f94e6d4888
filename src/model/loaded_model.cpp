#include "distinfer/model/loaded_model.hpp"

#include "distinfer/model/format.hpp"
#include "libraries.hpp"
#include "precision.hpp"
#include "program.hpp"
#include "torch_model.hpp"

namespace distinfer::model
{

namespace
{

class LoadedProgram : public LoadedModel
{
  public:
    LoadedProgram(std::unique_ptr<Program> program, LoadOptions options)
        : program_(std::move(program)), options_(std::move(options))
    {}

    std::string format() const override { return program_->format(); }
    std::vector<std::string> input_names() const override { return program_->input_names(); }
    BatchRange batch_range() const override { return program_->batch_range(); }

    std::unique_ptr<Model> bind(Binding binding) override
    {
        return std::make_unique<TorchModel>(program_, options_, std::move(binding));
    }

  private:
    std::shared_ptr<Program> program_; ///< with the models that are bound
    LoadOptions options_;
};

} // namespace

std::unique_ptr<LoadedModel> load_model(std::vector<std::byte> const& file, LoadOptions const& options)
{
    apply_precision(options);
    load_libraries(options.libraries);
    bool const script = identify(file, options.name) == Format::torchscript;
    return std::make_unique<LoadedProgram>(script ? load_torchscript(file, options) : load_aotinductor(file, options),
                                           options);
}

} // namespace distinfer::model
