#include "preprocess.hpp"
#include "unit/io/expect_error.hpp"

#include <ATen/ops/randint.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

namespace distinfer::model
{

namespace
{

using io::expect_error;

TensorSpec const pixels{DType::uint8, {3, 4, 5}};

config::ModelInputConfig input(std::optional<DType> dtype)
{
    return {.dataset = "/x", .dtype = dtype};
}

config::ModelInputConfig normalised()
{
    return {.dataset = "/x",
            .dtype = DType::float32,
            .scale = 1.0 / 255,
            .mean = {0.485, 0.456, 0.406},
            .std = {0.229, 0.224, 0.225}};
}

at::Tensor images()
{
    return at::randint(0, 256, {2, 3, 4, 5}, at::dtype(at::kByte));
}

} // namespace

TEST(PreprocessTest, NothingAskedForIsNothingDone)
{
    auto const batch = images();
    auto const result = Preprocess{input(std::nullopt), pixels, "cpu"}.apply(batch);
    EXPECT_TRUE(result.equal(batch));
    EXPECT_EQ(result.data_ptr(), batch.data_ptr()) << "no copy";
}

TEST(PreprocessTest, ACastIsLibTorchs)
{
    auto const batch = images();
    for (auto const& [dtype, type] :
         {std::pair{DType::float32, at::kFloat}, {DType::float16, at::kHalf}, {DType::int64, at::kLong}}) {
        auto const result = Preprocess{input(dtype), pixels, "cpu"}.apply(batch);
        EXPECT_EQ(result.scalar_type(), type);
        EXPECT_TRUE(result.equal(batch.to(type)));
    }
}

TEST(PreprocessTest, ScaleMeanAndStdComeInThatOrderAfterTheCast)
{
    auto const batch = images();
    auto const mean = at::tensor({0.485F, 0.456F, 0.406F}).reshape({1, 3, 1, 1});
    auto const deviation = at::tensor({0.229F, 0.224F, 0.225F}).reshape({1, 3, 1, 1});
    auto const wanted = batch.to(at::kFloat).mul(1.0 / 255).sub(mean).div(deviation);
    EXPECT_TRUE((Preprocess{normalised(), pixels, "cpu"}.apply(batch).equal(wanted)));
}

TEST(PreprocessTest, ArithmeticIsInTheTypeOfTheCast)
{
    auto const batch = images();
    for (auto const& [dtype, type] :
         {std::pair{DType::float16, at::kHalf}, {DType::bfloat16, at::kBFloat16}, {DType::float64, at::kDouble}}) {
        auto config = normalised();
        config.dtype = dtype;
        auto const mean = at::tensor({0.485, 0.456, 0.406}, at::kDouble).to(type).reshape({1, 3, 1, 1});
        auto const deviation = at::tensor({0.229, 0.224, 0.225}, at::kDouble).to(type).reshape({1, 3, 1, 1});
        auto const wanted = batch.to(type).mul(1.0 / 255).sub(mean).div(deviation);
        EXPECT_TRUE((Preprocess{config, pixels, "cpu"}.apply(batch).equal(wanted))) << type;
    }
}

TEST(PreprocessTest, ChannelsAreTheFirstAxisOfARow)
{
    config::ModelInputConfig const columns{.dataset = "/x", .mean = {1, 2}, .std = {2, 4}};
    auto const result =
        Preprocess{columns, {DType::float64, {2}}, "cpu"}.apply(at::tensor({3., 6., 5., 10.}).view({2, 2}));
    EXPECT_TRUE(result.equal(at::tensor({1., 1., 2., 2.}).view({2, 2})));
}

TEST(PreprocessTest, IntegersAreNotNormalised)
{
    auto config = normalised();
    config.dtype.reset();
    expect_error<ConfigError>([&] { Preprocess(config, pixels, "cpu"); }, {"/x", "uint8", "set dtype: float32"});
}

TEST(PreprocessTest, OneValueForEachChannelIsNeeded)
{
    auto config = normalised();
    config.mean.pop_back();
    expect_error<ConfigError>([&] { Preprocess(config, pixels, "cpu"); }, {"/x", "2 values", "uint8[rows,3,4,5]"});
    expect_error<ConfigError>([] { Preprocess(normalised(), {DType::float32, {}}, "cpu"); }, {"3 values"});
}

} // namespace distinfer::model
