#include "distinfer/file/file.hpp"
#include "distinfer/model/deviation.hpp"
#include "distinfer/model/loaded_model.hpp"
#include "precision.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_models.hpp"
#include "unit/io/expect_error.hpp"
#include "unit/model/bound_model.hpp"

#include <gtest/gtest.h>
#include <torch/script.h>

#include <cmath>
#include <limits>

namespace distinfer::model
{

namespace
{

using config::Precision;
using io::expect_error;

constexpr std::uint64_t rows = 6;
constexpr auto linear = "def forward(self, x):\n    return torch.matmul(x, self.w)\n";

LoadOptions in(Precision precision, bool autocast = false)
{
    return {.name = "net.pt", .precision = precision, .autocast = autocast};
}

at::Tensor input()
{
    torch::manual_seed(3);
    return torch::randn({rows, 4});
}

/// What a model of one weight makes of the input, and its type.
struct Result
{
    Result(std::string const& source, LoadOptions const& options)
    {
        test::TemporaryFolder const folder;
        test::save_script(folder / "model.pt", source, {{"w", {4, 3}}});
        weight = torch::jit::load(folder / "model.pt").attr("w").toTensor();
        auto const model =
            load_model(file::read_file(folder / "model.pt", ExitCode::model), options)
                ->bind({.inputs = {{.dataset = "/x"}}, .specs = {{DType::float32, {4}}}, .batch_rows = rows});
        auto const x = input();
        std::vector<std::byte const*> const inputs{static_cast<std::byte const*>(x.const_data_ptr())};
        dtype = model->probe(rows, inputs).at(0).spec.dtype;
        auto const type = dtype == DType::bfloat16 ? at::kBFloat16 : dtype == DType::float16 ? at::kHalf : at::kFloat;
        tensor = torch::empty({rows, 3}, type);
        std::vector<std::byte*> const outputs{static_cast<std::byte*>(tensor.data_ptr())};
        model->run(rows, inputs, outputs);
    }

    at::Tensor weight;
    at::Tensor tensor;
    DType dtype = DType::boolean;
};

Results floats(std::vector<float> const& values)
{
    return {{DType::float32, {}}, {bytes_of(values), values.size() * sizeof(float)}};
}

} // namespace

TEST(PrecisionTest, Float32LeavesTheModelAsItIs)
{
    Result const result{linear, in(Precision::float32)};
    EXPECT_EQ(result.dtype, DType::float32);
    EXPECT_TRUE(result.tensor.equal(input().matmul(result.weight)));
}

TEST(PrecisionTest, WeightsAndInputsAreCast)
{
    for (auto const& [precision, type, dtype] : {std::tuple{Precision::bfloat16, at::kBFloat16, DType::bfloat16},
                                                 {Precision::float16, at::kHalf, DType::float16}}) {
        Result const result{linear, in(precision)};
        EXPECT_EQ(result.dtype, dtype);
        EXPECT_TRUE(result.tensor.equal(input().to(type).matmul(result.weight.to(type))));
    }
}

TEST(PrecisionTest, AutocastCastsForEachOperation)
{
    // A sum stays float32 where a product is bfloat16.
    auto const* source = "def forward(self, x):\n    return torch.matmul(x, self.w).float() + self.w[0]\n";
    Result const result{source, in(Precision::float32, true)};
    EXPECT_EQ(result.dtype, DType::float32);
    auto const product = input().to(at::kBFloat16).matmul(result.weight.to(at::kBFloat16));
    EXPECT_TRUE(result.tensor.equal(product.to(at::kFloat) + result.weight[0]));
    EXPECT_EQ((Result{linear, in(Precision::float16, true)}.dtype), DType::float16);
}

TEST(PrecisionTest, AutocastEndsWithTheCall)
{
    Result const result{linear, in(Precision::bfloat16, true)};
    EXPECT_EQ(input().matmul(result.weight).scalar_type(), at::kFloat);
}

TEST(PrecisionTest, IntegersStay)
{
    auto const ids = torch::arange(4);
    EXPECT_TRUE(cast_input(ids, in(Precision::bfloat16)).is_same(ids));
    auto const count = torch::arange(3);
    cast_weights({count, torch::ones({2})}, in(Precision::float16));
    EXPECT_EQ(count.scalar_type(), at::kLong);
}

TEST(PrecisionTest, AModelThatCastsItsInputItselfIsToldOfAutocast)
{
    auto const* source = "def forward(self, x):\n    return torch.matmul(x.float(), self.w)\n";
    expect_error<ModelError>([&] { Result(source, in(Precision::bfloat16)); }, {"net.pt", "model.autocast: true"});
    EXPECT_EQ((Result{source, in(Precision::bfloat16, true)}.dtype), DType::bfloat16);
}

TEST(PrecisionTest, WhatCannotBeHadIsRefused)
{
    expect_error<ConfigError>([] { apply_precision(in(Precision::tf32)); }, {"tf32", "CPU"});
    expect_error<ConfigError>([] { cast_weights({torch::arange(3)}, in(Precision::float16)); },
                              {"net.pt", "frozen or quantised", "model.autocast"});
    expect_error<ConfigError>([] { require_compiled_precision(in(Precision::bfloat16)); }, {"net.pt", "compiled in"});
    expect_error<ConfigError>([] { require_compiled_precision(in(Precision::float32, true)); }, {"model.autocast"});
    EXPECT_NO_THROW(require_compiled_precision(in(Precision::tf32)));
}

TEST(DeviationTest, TellsTheLargestOfAllRows)
{
    std::vector<float> const is{1, 2.5F, -8};
    std::vector<float> const should_be{1, 2, -10};
    auto const found = largest_deviation(floats(is), floats(should_be), 3);
    EXPECT_DOUBLE_EQ(found.absolute, 2);
    EXPECT_DOUBLE_EQ(found.relative, 0.2);
}

TEST(DeviationTest, OfEqualResultsIsNone)
{
    std::vector<float> const same{std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 0};
    auto const found = largest_deviation(floats(same), floats(same), 3);
    EXPECT_EQ(found.absolute, 0);
    EXPECT_EQ(found.relative, 0);
}

TEST(DeviationTest, AnOverflowIsInfinite)
{
    std::vector<float> const is{std::numeric_limits<float>::infinity(), 1};
    std::vector<float> const should_be{70000, 1};
    EXPECT_TRUE(std::isinf(largest_deviation(floats(is), floats(should_be), 2).absolute));
}

TEST(DeviationTest, TypesMayDiffer)
{
    std::vector<at::Half> const is{1.5F, 2};
    std::vector<float> const should_be{1, 2};
    Results const halves{{DType::float16, {}}, {bytes_of(is), is.size() * 2}};
    EXPECT_DOUBLE_EQ(largest_deviation(halves, floats(should_be), 2).absolute, 0.5);
}

} // namespace distinfer::model
