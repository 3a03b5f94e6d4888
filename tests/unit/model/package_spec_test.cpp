#include "package_spec.hpp"
#include "unit/io/expect_error.hpp"

#include <gtest/gtest.h>

namespace distinfer::model
{

namespace
{

using io::expect_error;

constexpr auto text = R"({
    "inputs": [{"name": "image", "dtype": "float32", "row_shape": [3, -1, 8]},
               {"name": "mask", "dtype": "bool", "row_shape": []}],
    "outputs": [{"name": "logits", "dtype": "float32", "row_shape": [10]},
                {"name": "total", "dtype": "float32", "row_shape": null}],
    "batch": {"min": 2, "max": 16}})";

PackageSpec spec_for(std::uint64_t least, std::optional<std::uint64_t> largest)
{
    return {.inputs = {{"x", {DType::float32, {4}}}}, .outputs = {"y"}, .least_batch = least, .largest_batch = largest};
}

void check_batch(PackageSpec const& spec, std::uint64_t batch)
{
    check_package(spec, {{DType::float32, {4}}}, batch, "net.pt2");
}

TensorSpec const image{DType::float32, {3, 5, 8}};
TensorSpec const mask{DType::boolean, {}};

} // namespace

TEST(PackageSpecTest, WhatTheExportHelperWritesIsRead)
{
    auto const spec = parse_package_spec(text, "net.pt2");
    std::vector<NamedTensor> const inputs{{"image", {DType::float32, {3, -1, 8}}}, {"mask", {DType::boolean, {}}}};
    EXPECT_EQ(spec.inputs, inputs);
    EXPECT_EQ(spec.outputs, (std::vector<std::string>{"logits", "total"}));
    EXPECT_EQ(spec.least_batch, 2u);
    EXPECT_EQ(spec.largest_batch, 16u);
}

TEST(PackageSpecTest, NoLargestBatchMeansAny)
{
    auto const spec =
        parse_package_spec(R"({"inputs": [], "outputs": [], "batch": {"min": 1, "max": null}})", "net.pt2");
    EXPECT_EQ(spec.largest_batch, std::nullopt);
}

TEST(PackageSpecTest, BrokenEntriesAreRefused)
{
    for (
        auto const* broken :
        {"", "{", "[]", R"({"inputs": []})", R"({"inputs": [], "outputs": [], "batch": {"min": "two", "max": 3}})",
         R"({"inputs": [{"name": "x", "dtype": "complex64", "row_shape": []}], "outputs": [], "batch": {"min": 1, "max": 1}})"}) {
        SCOPED_TRACE(broken);
        expect_error<ModelError>([&] { parse_package_spec(broken, "net.pt2"); },
                                 {"net.pt2", "distinfer.spec", "tools/export_model.py"});
    }
}

TEST(PackageSpecTest, InputsThatFitAreTaken)
{
    EXPECT_NO_THROW(check_package(parse_package_spec(text, "net.pt2"), {image, mask}, 16, "net.pt2"));
}

TEST(PackageSpecTest, AnotherNumberOfInputsIsRefused)
{
    auto const spec = parse_package_spec(text, "net.pt2");
    expect_error<ModelError>([&] { check_package(spec, {image}, 16, "net.pt2"); }, {"takes 2 inputs", "gives 1"});
}

TEST(PackageSpecTest, AnotherTypeIsRefusedWithTheCastThatHelps)
{
    auto const spec = parse_package_spec(text, "net.pt2");
    auto wide = image;
    wide.dtype = DType::float64;
    expect_error<ModelError>(
        [&] {
            check_package(spec, {wide, mask}, 16, "net.pt2");
        },
        {"'image'", "float32[rows,3,-1,8]", "float64[rows,3,5,8]", "set dtype: float32"});
}

TEST(PackageSpecTest, AnotherShapeIsRefused)
{
    auto const spec = parse_package_spec(text, "net.pt2");
    for (auto const& shape : {std::vector<std::int64_t>{3, 5, 9}, {3, 5}, {3, 5, 8, 1}, {}})
        expect_error<ModelError>(
            [&] {
                check_package(spec, {{DType::float32, shape}, mask}, 16, "net.pt2");
            },
            {"'image'", "export the model for the shape of the data"});
}

TEST(PackageSpecTest, BatchesInTheRangeAreTaken)
{
    for (auto const batch : {1u, 7u, 16u}) EXPECT_NO_THROW(check_batch(spec_for(1, 16), batch));
    EXPECT_NO_THROW(check_batch(spec_for(8, 8), 8));
    EXPECT_NO_THROW(check_batch(spec_for(1, std::nullopt), 1'000'000));
}

TEST(PackageSpecTest, BatchesOutsideTheRangeAreRefused)
{
    expect_error<ConfigError>([] { check_batch(spec_for(8, 8), 16); }, {"batches of 8 rows", "set run.batch: 8"});
    expect_error<ConfigError>([] { check_batch(spec_for(2, 16), 1); }, {"batches of 2 to 16 rows", "run.batch is 1"});
    expect_error<ConfigError>([] { check_batch(spec_for(2, 16), 17); }, {"batches of 2 to 16 rows", "run.batch is 17"});
    expect_error<ConfigError>([] { check_batch(spec_for(2, std::nullopt), 1); }, {"2 to any number of rows"});
}

} // namespace distinfer::model
