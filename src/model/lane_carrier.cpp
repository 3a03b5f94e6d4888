#include "carrier.hpp"
#include "distinfer/lane/lanes.hpp"

namespace distinfer::model
{

namespace
{

/// One lane whose batch is computed, one whose batch waits for that, one that copies in or out.
constexpr int lanes_of_a_device = 3;

class LaneCarrier : public Carrier
{
  public:
    LaneCarrier(std::vector<TensorSpec> inputs, c10::Device device, std::unique_ptr<lane::Device> streams)
        : inputs_(std::move(inputs)),
          device_(device),
          streams_(std::move(streams)),
          lanes_(*streams_, lanes_of_a_device)
    {}

    int lanes() const override { return lanes_.count(); }

    void carry(std::uint64_t rows, std::span<std::span<std::byte const> const> inputs,
               std::span<std::span<std::byte> const> outputs, Call const& call) override
    {
        std::vector<at::Tensor> results; // they are there until their copies are
        lanes_.run(inputs, outputs, [&](std::span<std::byte* const> copied) {
            std::vector<at::Tensor> stored;
            for (std::size_t i = 0; i < copied.size(); ++i)
                stored.push_back(tensor_over(copied[i], rows, inputs_[i], device_));
            results = call(stored);
            std::vector<std::byte const*> addresses;
            for (auto& result : results) {
                result = result.to(device_).resolve_neg().contiguous();
                addresses.push_back(static_cast<std::byte const*>(result.const_data_ptr()));
            }
            return addresses;
        });
    }

  private:
    std::vector<TensorSpec> inputs_;
    c10::Device device_;
    std::unique_ptr<lane::Device> streams_;
    lane::Lanes lanes_;
};

} // namespace

std::unique_ptr<Carrier> carry_over_lanes(std::vector<TensorSpec> inputs, c10::Device device,
                                          std::unique_ptr<lane::Device> streams)
{
    return std::make_unique<LaneCarrier>(std::move(inputs), device, std::move(streams));
}

} // namespace distinfer::model
