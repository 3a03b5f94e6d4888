#pragma once

#include "distinfer/config/config.hpp"
#include "distinfer/core/tensor_spec.hpp"

#include <ATen/core/Tensor.h>

#include <string>

namespace distinfer::model
{

/// Cast, scale and normalisation of one input, on the device: x * scale, then (x - mean) / std for each channel, the
/// first axis of a row. Made once, used for every batch.
class Preprocess
{
  public:
    /// @throws ConfigError where the steps do not fit the dataset
    Preprocess(config::ModelInputConfig const& input, TensorSpec const& spec, std::string const& device);

    at::Tensor apply(at::Tensor batch) const;

  private:
    c10::ScalarType dtype_;
    double scale_;
    at::Tensor mean_; ///< [1, channels, 1, ...], undefined where there is none
    at::Tensor std_;
};

} // namespace distinfer::model
