#include "support/torch_models.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>

namespace distinfer::test
{

namespace
{

torch::ScalarType to_torch(DType dtype)
{
    static std::map<DType, torch::ScalarType> const types{
        {DType::boolean, torch::kBool},    {DType::uint8, torch::kUInt8},       {DType::int8, torch::kInt8},
        {DType::int16, torch::kInt16},     {DType::int32, torch::kInt32},       {DType::int64, torch::kInt64},
        {DType::float16, torch::kFloat16}, {DType::bfloat16, torch::kBFloat16}, {DType::float32, torch::kFloat32},
        {DType::float64, torch::kFloat64}};
    return types.at(dtype);
}

DType from_torch(torch::ScalarType type)
{
    for (auto const dtype : {DType::boolean, DType::uint8, DType::int8, DType::int16, DType::int32, DType::int64,
                             DType::float16, DType::bfloat16, DType::float32, DType::float64})
        if (to_torch(dtype) == type) return dtype;
    throw std::runtime_error("a dtype that the tests do not know");
}

std::vector<std::int64_t> shape_of(TensorSpec const& spec, std::uint64_t rows)
{
    std::vector<std::int64_t> shape{static_cast<std::int64_t>(rows)};
    shape.insert(shape.end(), spec.row_shape.begin(), spec.row_shape.end());
    return shape;
}

std::vector<torch::Tensor> tensors_of(torch::IValue const& result)
{
    if (result.isTensor()) return {result.toTensor()};
    std::vector<torch::Tensor> tensors;
    for (auto const& element : result.toTupleRef().elements()) tensors.push_back(element.toTensor());
    return tensors;
}

void append(Rows& rows, torch::Tensor const& tensor)
{
    auto const contiguous = tensor.cpu().contiguous();
    rows.spec = {from_torch(tensor.scalar_type()), {tensor.sizes().begin() + 1, tensor.sizes().end()}};
    rows.rows += static_cast<std::uint64_t>(tensor.size(0));
    auto const* bytes = static_cast<std::byte const*>(contiguous.data_ptr());
    rows.bytes.insert(rows.bytes.end(), bytes, bytes + contiguous.nbytes());
}

torch::Tensor batch_of(Rows& input, std::uint64_t begin, std::uint64_t rows)
{
    return torch::from_blob(input.bytes.data() + begin * row_bytes(input.spec), shape_of(input.spec, rows),
                            to_torch(input.spec.dtype));
}

} // namespace

void save_script(std::string const& path, std::string const& source, std::vector<Parameter> const& parameters)
{
    torch::manual_seed(42);
    torch::jit::Module module{"TestModel"};
    for (auto const& [name, shape] : parameters) module.register_parameter(name, torch::randn(shape), false);
    module.define(source);
    module.save(path);
}

Rows random_rows(TensorSpec const& spec, std::uint64_t rows, std::uint64_t seed)
{
    torch::manual_seed(seed);
    bool const floating = torch::isFloatingType(to_torch(spec.dtype));
    auto const shape = shape_of(spec, rows);
    Rows result{.spec = spec, .rows = 0, .bytes = {}};
    append(result, (floating ? torch::randn(shape) : torch::randint(0, 100, shape)).to(to_torch(spec.dtype)));
    return result;
}

std::vector<Rows> reference_loop(std::string const& model, std::vector<Rows> const& inputs, std::uint64_t batch,
                                 int threads, std::string const& device)
{
    at::set_num_threads(threads);
    at::globalContext().setAllowTF32CuDNN(false);
    torch::InferenceMode const guard;
    torch::jit::GraphOptimizerEnabledGuard const compiled{device == "cpu"};
    auto module = torch::jit::load(model, torch::Device(device));
    auto copies = inputs;
    auto const rows = inputs.front().rows;
    std::vector<Rows> outputs;
    for (std::uint64_t begin = 0; begin < rows; begin += batch) {
        std::vector<torch::IValue> arguments;
        for (auto& input : copies)
            arguments.emplace_back(batch_of(input, begin, std::min(batch, rows - begin)).to(torch::Device(device)));
        auto const results = tensors_of(module.forward(std::move(arguments)));
        outputs.resize(results.size());
        for (std::size_t i = 0; i < results.size(); ++i) append(outputs[i], results[i]);
    }
    return outputs;
}

} // namespace distinfer::test
