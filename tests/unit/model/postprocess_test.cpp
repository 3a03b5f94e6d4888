#include "postprocess.hpp"
#include "unit/io/expect_error.hpp"

#include <ATen/ops/argmax.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/topk.h>
#include <gtest/gtest.h>

namespace distinfer::model
{

namespace
{

using config::TransformKind;
using io::expect_error;

at::Tensor const& logits()
{
    static at::Tensor const tensor = at::randn({6, 2, 10});
    return tensor;
}

config::ModelOutputConfig stored_as(config::Transform transform, std::optional<DType> dtype = std::nullopt)
{
    return {.dataset = "/y", .transform = transform, .dtype = dtype};
}

/// The one dataset that becomes of the logits.
at::Tensor only(config::Transform transform, std::optional<DType> dtype = std::nullopt)
{
    auto const stored = postprocess({{"output", logits()}}, {stored_as(transform, dtype)});
    EXPECT_EQ(stored.size(), 1u);
    EXPECT_EQ(stored.at(0).name, "/y");
    return stored.at(0).tensor;
}

} // namespace

TEST(PostprocessTest, WithoutAConfigEveryResultIsStoredUnderItsOwnName)
{
    auto const stored = postprocess({{"logits", logits()}, {"box_0", logits()}}, {});
    ASSERT_EQ(stored.size(), 2u);
    EXPECT_EQ(stored[0].name, "/logits");
    EXPECT_EQ(stored[1].name, "/box_0");
    EXPECT_TRUE(stored[0].tensor.is_same(logits()));
}

TEST(PostprocessTest, TransformsAreLibTorchsAlongTheLastAxis)
{
    EXPECT_TRUE(only({TransformKind::none}).is_same(logits()));
    EXPECT_TRUE(only({TransformKind::softmax}).equal(at::softmax(logits(), -1)));
    EXPECT_TRUE(only({TransformKind::sigmoid}).equal(at::sigmoid(logits())));
    EXPECT_TRUE(only({TransformKind::argmax}).equal(at::argmax(logits(), -1)));
}

TEST(PostprocessTest, ResultsOfOtherTypesKeepTheirs)
{
    auto const stored = [](at::Tensor const& result, config::Transform transform) {
        return postprocess({{"output", result}}, {stored_as(transform)}).at(0).tensor;
    };
    for (auto const type : {at::kDouble, at::kHalf, at::kBFloat16}) {
        auto const result = logits().to(type);
        EXPECT_TRUE(stored(result, {TransformKind::softmax}).equal(at::softmax(result, -1))) << type;
        EXPECT_TRUE(stored(result, {TransformKind::sigmoid}).equal(at::sigmoid(result))) << type;
        EXPECT_TRUE(stored(result, {TransformKind::argmax}).equal(at::argmax(result, -1))) << type;
        EXPECT_TRUE(stored(result, {TransformKind::topk, 2}).equal(std::get<0>(at::topk(result, 2)))) << type;
    }
}

TEST(PostprocessTest, ACastComesAfterTheTransform)
{
    EXPECT_TRUE(only({TransformKind::softmax}, DType::float16).equal(at::softmax(logits(), -1).to(at::kHalf)));
    EXPECT_TRUE(only({TransformKind::argmax}, DType::uint8).equal(at::argmax(logits(), -1).to(at::kByte)));
}

TEST(PostprocessTest, TopkStoresValuesAndIndices)
{
    auto const stored = postprocess({{"output", logits()}}, {stored_as({TransformKind::topk, 3}, DType::float64)});
    auto const [values, indices] = at::topk(logits(), 3);
    ASSERT_EQ(stored.size(), 2u);
    EXPECT_EQ(stored[0].name, "/y/values");
    EXPECT_TRUE(stored[0].tensor.equal(values.to(at::kDouble)));
    EXPECT_EQ(stored[1].name, "/y/indices");
    EXPECT_TRUE(stored[1].tensor.equal(indices)) << "the cast is for the values";
}

TEST(PostprocessTest, ResultsWithoutADatasetAreDropped)
{
    auto const stored = postprocess({{"a", logits()}, {"b", logits()}}, {{}, stored_as({})});
    ASSERT_EQ(stored.size(), 1u);
    EXPECT_EQ(stored[0].name, "/y");
}

TEST(PostprocessTest, AnotherNumberOfResultsIsRefused)
{
    expect_error<ModelError>(
        [] {
            postprocess({{"a", logits()}, {"b", logits()}}, {stored_as({})});
        },
        {"gives 2 results", "names 1", "a, b", "dataset: null"});
}

TEST(PostprocessTest, ATransformNeedsAnAxis)
{
    auto const numbers = at::randn({6});
    for (auto const& transform :
         {config::Transform{TransformKind::softmax}, {TransformKind::argmax}, {TransformKind::topk, 1}})
        expect_error<ModelError>(
            [&] {
                postprocess({{"a", numbers}}, {stored_as(transform)});
            },
            {"/y", "single number", "transform: none"});
    EXPECT_NO_THROW(postprocess({{"a", numbers}}, {stored_as({TransformKind::sigmoid})}));
}

TEST(PostprocessTest, TopkNeedsKValues)
{
    expect_error<ModelError>(
        [] {
            postprocess({{"a", logits()}}, {stored_as({TransformKind::topk, 11})});
        },
        {"topk:11", "/y", "10 values"});
}

} // namespace distinfer::model
