#include "carrier.hpp"
#include "distinfer/core/narrow.hpp"
#include "dtype_map.hpp"

#include <ATen/ops/from_blob.h>

namespace distinfer::model
{

namespace
{

class HostCarrier : public Carrier
{
  public:
    explicit HostCarrier(std::vector<TensorSpec> inputs) : inputs_(std::move(inputs)) {}

    int lanes() const override { return 1; }

    void carry(std::uint64_t rows, std::span<std::span<std::byte const> const> inputs,
               std::span<std::span<std::byte> const> outputs, Call const& call) override
    {
        std::vector<at::Tensor> stored;
        for (std::size_t i = 0; i < inputs.size(); ++i)
            stored.push_back(tensor_over(inputs[i].data(), rows, inputs_[i], c10::kCPU));
        auto const results = call(stored);
        for (std::size_t i = 0; i < outputs.size(); ++i)
            at::from_blob(outputs[i].data(), results[i].sizes(), at::dtype(results[i].scalar_type())).copy_(results[i]);
    }

  private:
    std::vector<TensorSpec> inputs_;
};

} // namespace

std::unique_ptr<Carrier> carry_nowhere(std::vector<TensorSpec> inputs)
{
    return std::make_unique<HostCarrier>(std::move(inputs));
}

at::Tensor tensor_over(std::byte const* bytes, std::uint64_t rows, TensorSpec const& spec, c10::Device device)
{
    std::vector<std::int64_t> shape{narrow<std::int64_t>(rows)};
    shape.insert(shape.end(), spec.row_shape.begin(), spec.row_shape.end());
    // LibTorch wants a mutable pointer; a model that may write into its input is given a copy (TorchModel).
    return at::for_blob(const_cast<std::byte*>(bytes), shape)
        .options(at::dtype(to_torch(spec.dtype)).device(device))
        .target_device(device)
        .make_tensor();
}

} // namespace distinfer::model
