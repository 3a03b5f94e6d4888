#pragma once

#include "e2e/program.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_models.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace distinfer::test
{

/// Small pictures, a convolutional network for them, and a job that runs it on the GPU.
class Pictures
{
  public:
    static constexpr std::uint64_t rows = 300; ///< no multiple of the batch
    static constexpr std::uint64_t batch = 32;

    /// How the job differs from the plain one: text of the config in the place of "dataset: /x" and of the outputs.
    struct Form
    {
        TensorSpec row{DType::float32, {3, 32, 32}};
        std::string model;      ///< TorchScript; empty: the network below
        std::string input = {}; ///< further keys of the input, as ", scale: 2"
        std::string outputs = "[{dataset: /y}, {dataset: /best}]";
    };

    explicit Pictures(Form const& form = plain());
    static Form plain();

    /// A network of that many results of the same layer: "z" is [rows, 10].
    static std::string network(std::string const& before, std::string const& results);

    /// Runs the job, on the GPU where the settings ("run.window=1") do not say otherwise.
    Ended run(std::vector<std::string> const& settings = {}, Start const& start = {}) const;

    /// Runs the job and holds the datasets of the output against a plain loop on the GPU, bit for bit. @param model
    /// another model for the loop, which does what the job does around its own
    void expect_bits_of_the_loop(std::vector<std::string> const& datasets,
                                 std::vector<std::string> const& settings = {}, Start const& start = {},
                                 std::string const& model = {}) const;

    std::string operator/(std::string const& name) const { return folder_ / name; }
    Rows const& input() const noexcept { return input_; }
    nlohmann::json report() const;

    /// Saves a further model for the pictures, with the same weights.
    std::string save(std::string const& name, std::string const& source) const;

  private:
    TemporaryFolder folder_;
    Rows input_;
};

} // namespace distinfer::test
