#pragma once

#include "distinfer/config/config.hpp"
#include "distinfer/core/model.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace distinfer::model
{

/// How a model file is loaded.
struct LoadOptions
{
    std::string name;                                         ///< the file, as messages name it
    std::string method = "forward";                           ///< TorchScript only
    config::Grad grad = config::Grad::inference;              ///< what autograd may do while the model runs
    std::string device = "cpu";                               ///< "cpu", "cuda:0"
    int threads = 1;                                          ///< threads of one operation
    config::Precision precision = config::Precision::float32; ///< what weights and inputs are cast to
    bool autocast = false;                                    ///< the library casts for each operation instead
    bool channels_last = false;                               ///< layout of inputs and weights of four axes
    std::vector<std::string> libraries;                       ///< loaded before the model, for good
};

/// What a loaded model is given and what becomes of its results.
struct Binding
{
    std::vector<config::ModelInputConfig> inputs;   ///< in the order of the arguments
    std::vector<TensorSpec> specs;                  ///< of the inputs that are datasets, in order
    std::vector<config::ModelOutputConfig> outputs; ///< in the order of the results; empty: all, under their own names
    std::uint64_t batch_rows = 0;                   ///< rows of a full batch
    bool stateful = false; ///< results may depend on the calls before, which probe() refuses otherwise
};

/// Rows that a model takes at once.
struct BatchRange
{
    std::uint64_t least = 1;
    std::optional<std::uint64_t> largest; ///< nothing: any
};

/// A model file in memory, TorchScript or AOTInductor, before it is known what it will be fed with.
class LoadedModel
{
  public:
    virtual ~LoadedModel() = default;

    /// "TorchScript" or "AOTInductor".
    virtual std::string format() const = 0;

    /// Names of the arguments that are tensors, as the file tells them; empty where it does not.
    virtual std::vector<std::string> input_names() const = 0;

    /// What the file tells of its batches.
    virtual BatchRange batch_range() const = 0;

    /// Checks arguments and datasets against the model's signature, and makes it ready to run. Bound again, for another
    /// batch, the models share weights and whatever the program keeps from call to call; one of them runs at a time.
    /// @throws ModelError naming the argument, ConfigError where the binding cannot be met
    virtual std::unique_ptr<Model> bind(Binding binding) = 0;
};

/// Loads a model file, told apart by its content. @throws ModelError saying what the file is, or what is wrong with it
std::unique_ptr<LoadedModel> load_model(std::span<std::byte const> file, LoadOptions const& options);

} // namespace distinfer::model
