#include "distinfer/file/file.hpp"
#include "distinfer/model/loaded_model.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_models.hpp"
#include "unit/io/expect_error.hpp"
#include "unit/model/bound_model.hpp"

#include <gtest/gtest.h>

namespace distinfer::model
{

namespace
{

using io::expect_error;

TensorSpec const pairs{DType::float32, {2}};
std::vector<float> const two_rows{1, 2, 3, 4};

std::unique_ptr<LoadedModel> load(std::string const& source, LoadOptions const& options = {.name = "net.pt"})
{
    test::TemporaryFolder const folder;
    test::save_script(folder / "model.pt", source);
    return load_model(file::read_file(folder / "model.pt", ExitCode::model), options);
}

config::ModelInputConfig dataset(std::string const& path, std::optional<DType> dtype = std::nullopt)
{
    return {.dataset = path, .dtype = dtype};
}

config::ModelInputConfig constant(config::ModelInputConfig::Constant value)
{
    return {.constant = value};
}

Binding one_input()
{
    return {.inputs = {dataset("/x")}, .specs = {pairs}, .batch_rows = 2};
}

std::vector<NamedTensor> probe(Model& model)
{
    return model.probe(2, std::vector{bytes_of(two_rows)});
}

/// Names of what the model gives for two rows.
std::vector<std::string> results_of(std::string const& source)
{
    return names_of(probe(*load(source)->bind(one_input())));
}

void expect_not_bound(std::string const& source, Binding const& binding, std::initializer_list<std::string_view> words)
{
    expect_error<ModelError>([&] { load(source)->bind(binding); }, words);
}

void expect_not_probed(std::string const& source, std::initializer_list<std::string_view> words)
{
    auto const model = load(source)->bind(one_input());
    expect_error<ModelError>([&] { probe(*model); }, words);
}

} // namespace

TEST(TorchScriptTest, OneInputOneOutput)
{
    auto const loaded = load("def forward(self, x):\n    return x * 2 + 1\n");
    EXPECT_EQ(loaded->format(), "TorchScript");
    EXPECT_EQ(loaded->input_names(), std::vector<std::string>{"x"});
    auto const model = loaded->bind(one_input());
    EXPECT_EQ(probe(*model), (std::vector<NamedTensor>{{"/output", pairs}}));
    EXPECT_EQ(run_batch<float>(*model, 2, 4, two_rows), (std::vector<float>{3, 5, 7, 9}));
}

TEST(TorchScriptTest, SeveralInputsAndConstantsComeInOrder)
{
    auto const loaded = load("def forward(self, x, k: int, y, scale: float, flip: bool):\n"
                             "    return (x * k + y) * scale * (-1 if flip else 1)\n");
    EXPECT_EQ(loaded->input_names(), (std::vector<std::string>{"x", "y"}));
    auto const model = loaded->bind({.inputs = {dataset("/x"), constant(std::int64_t{10}),
                                                dataset("/y", DType::float32), constant(0.5), constant(true)},
                                     .specs = {pairs, {DType::uint8, {}}},
                                     .batch_rows = 2});
    std::vector<std::uint8_t> const y{2, 2};
    std::vector const inputs{bytes_of(two_rows), bytes_of(y)};
    model->probe(2, inputs);
    std::vector<float> result(4);
    model->run(2, inputs, std::vector{reinterpret_cast<std::byte*>(result.data())});
    EXPECT_EQ(result, (std::vector<float>{-6, -11, -16, -21}));
}

TEST(TorchScriptTest, TupleListAndDictAreFlattened)
{
    EXPECT_EQ(results_of("def forward(self, x):\n    return x, x.sum(1)\n"),
              (std::vector<std::string>{"/output_0", "/output_1"}));
    EXPECT_EQ(results_of("def forward(self, x):\n    return [x, x]\n"),
              (std::vector<std::string>{"/output_0", "/output_1"}));
    EXPECT_EQ(results_of("def forward(self, x):\n    return {'b': x, 'a': x}\n"),
              (std::vector<std::string>{"/b", "/a"}));
}

TEST(TorchScriptTest, AnotherMethodThanForward)
{
    constexpr auto source = "def forward(self, x):\n    return x\n"
                            "def embed(self, x):\n    return x.sum(1)\n";
    auto const model = load(source, {.name = "net.pt", .method = "embed"})->bind(one_input());
    EXPECT_EQ(run_batch<float>(*model, 2, 2, two_rows), (std::vector<float>{3, 7}));
    expect_error<ModelError>([&] { load(source, {.name = "net.pt", .method = "embd"}); },
                             {"net.pt has no method 'embd'", "embed"});
}

TEST(TorchScriptTest, ADefaultMayBeLeftOutAndAnOptionalTensorGiven)
{
    constexpr auto source = "def forward(self, x, mask: Optional[Tensor] = None, k: int = 3):\n"
                            "    return x * k if mask is None else x * mask\n";
    auto const alone = load(source)->bind(one_input());
    EXPECT_EQ(run_batch<float>(*alone, 2, 4, two_rows), (std::vector<float>{3, 6, 9, 12}));
    auto const both =
        load(source)->bind({.inputs = {dataset("/x"), dataset("/m")}, .specs = {pairs, pairs}, .batch_rows = 2});
    EXPECT_NO_THROW(both->probe(2, std::vector{bytes_of(two_rows), bytes_of(two_rows)}));
}

TEST(TorchScriptTest, AnotherNumberOfInputsIsRefusedWithTheSignature)
{
    constexpr auto source = "def forward(self, image, mask):\n    return image\n";
    expect_not_bound(source, one_input(), {"net.pt takes 2 inputs", "gives 1", "forward(image: Tensor, mask: Tensor)"});
    expect_not_bound("def forward(self, x):\n    return x\n",
                     {.inputs = {dataset("/x"), dataset("/y")}, .specs = {pairs, pairs}, .batch_rows = 2},
                     {"takes 1 inputs", "gives 2"});
}

TEST(TorchScriptTest, ADatasetForANumberAndANumberForATensorAreRefused)
{
    expect_not_bound("def forward(self, x, k: int):\n    return x * k\n",
                     {.inputs = {dataset("/x"), dataset("/k")}, .specs = {pairs, pairs}, .batch_rows = 2},
                     {"takes no tensor as argument 'k'", "give a constant"});
    expect_not_bound("def forward(self, x, y):\n    return x * y\n",
                     {.inputs = {dataset("/x"), constant(1.0)}, .specs = {pairs}, .batch_rows = 2},
                     {"takes a tensor as argument 'y'", "give a dataset"});
}

TEST(TorchScriptTest, AConstantOfAnotherTypeIsRefused)
{
    auto const model = load("def forward(self, x, k: int):\n    return x * k\n")
                           ->bind({.inputs = {dataset("/x"), constant(1.5)}, .specs = {pairs}, .batch_rows = 2});
    expect_error<ModelError>([&] { probe(*model); }, {"net.pt refused", "'int' for argument 'k'"});
}

TEST(TorchScriptTest, WhatTheModelRaisesNamesItsInputs)
{
    expect_not_probed("def forward(self, x):\n    return torch.matmul(x, torch.ones(5, 5))\n",
                      {"net.pt refused /x as float32[2,2]", "shapes cannot be multiplied"});
}

TEST(TorchScriptTest, ResultsThatAreNotRowByRowAreRefused)
{
    expect_not_probed("def forward(self, x):\n    return x.sum()\n", {"'/output'", "2 input rows", "[]"});
    expect_not_probed("def forward(self, x):\n    return torch.cat([x, x])\n", {"'/output'", "[4,2]"});
}

TEST(TorchScriptTest, ResultsThatNoDatasetHoldsAreRefused)
{
    expect_not_probed("def forward(self, x):\n    return torch.complex(x, x)\n", {"'/output'", "ComplexFloat"});
    expect_not_probed("def forward(self, x):\n    return x.to_sparse()\n", {"'/output'", "dense"});
    expect_not_probed("def forward(self, x):\n    return x, 3\n", {"'output_1'", "return tensors only"});
}

TEST(TorchScriptTest, ACorruptModelIsRefused)
{
    test::TemporaryFolder const folder;
    test::save_script(folder / "model.pt", "def forward(self, x):\n    return x\n");
    auto file = file::read_file(folder / "model.pt", ExitCode::model);
    for (std::size_t i = 100; i + 400 < file.size(); i += 7) file[i] ^= std::byte{0x5a};
    expect_error<ModelError>([&] { load_model(file, {.name = "net.pt"}); }, {"net.pt cannot be"});
}

} // namespace distinfer::model
