#include "distinfer/file/file.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_models.hpp"
#include "torch_model.hpp"
#include "unit/io/expect_error.hpp"
#include "unit/model/bound_model.hpp"

#include <ATen/ops/ones.h>
#include <gtest/gtest.h>

namespace distinfer::model
{

namespace
{

using config::Grad;
using io::expect_error;

TensorSpec const number{DType::float32, {}};
constexpr auto energy_and_force = R"(
def forward(self, x):
    x = x.detach().requires_grad_(True)
    energy = (x * x).sum()
    force = torch.autograd.grad([energy], [x])[0]
    assert force is not None
    return force
)";

/// Takes full batches only, tells of the batches that it got, and gives its input back twice, and 5 numbers.
class FullBatches : public Program
{
  public:
    explicit FullBatches(std::vector<at::Tensor>& got) : got_(got) {}

    std::string format() const override { return "fake"; }
    std::vector<std::string> input_names() const override { return {}; }
    void check(Binding const&) const override {}
    bool wants_full_batches() const override { return true; }
    std::vector<NamedResult> call(std::vector<c10::IValue> arguments) override
    {
        got_.push_back(arguments.at(0).toTensor().clone());
        return {{"same", got_.back()}, {"double", got_.back().mul(2)}, {"five", at::ones({5})}};
    }

  private:
    std::vector<at::Tensor>& got_;
};

Binding one_input(std::uint64_t batch_rows)
{
    return {.inputs = {{.dataset = "/x"}}, .specs = {number}, .batch_rows = batch_rows};
}

std::unique_ptr<Model> bind_script(std::string const& source, Grad grad = Grad::inference)
{
    test::TemporaryFolder const folder;
    test::save_script(folder / "model.pt", source);
    auto const file = file::read_file(folder / "model.pt", ExitCode::model);
    return load_model(file, {.name = "net.pt", .grad = grad})->bind(one_input(4));
}

/// What a program that wants full batches of four makes of these rows; the third of its results is dropped.
TorchModel full_batches_of_four(std::vector<at::Tensor>& got)
{
    auto binding = one_input(4);
    binding.outputs = {{.dataset = "/same"}, {.dataset = "/double"}, {}};
    return {std::make_unique<FullBatches>(got), {}, std::move(binding)};
}

void run_four(Model& model, std::vector<float> const& input)
{
    std::vector<float> result(input.size());
    model.run(input.size(), std::vector{bytes_of(input)}, std::vector{reinterpret_cast<std::byte*>(result.data())});
}

std::vector<float> const four{1, 2, 3, 4};

} // namespace

TEST(TorchModelTest, AShortBatchIsFilledUpWithItsLastRowAndTrimmedAgain)
{
    std::vector<at::Tensor> got;
    auto model = full_batches_of_four(got);
    std::vector<float> const input{7, 8};
    std::vector const inputs{bytes_of(input)};
    EXPECT_EQ(model.probe(2, inputs), (std::vector<NamedTensor>{{"/same", number}, {"/double", number}}));

    std::vector<float> same(2);
    std::vector<float> twice(2);
    model.run(2, inputs,
              std::vector{reinterpret_cast<std::byte*>(same.data()), reinterpret_cast<std::byte*>(twice.data())});
    EXPECT_EQ(same, input);
    EXPECT_EQ(twice, (std::vector<float>{14, 16}));
    std::vector<float> const filled(got.back().data_ptr<float>(), got.back().data_ptr<float>() + got.back().numel());
    EXPECT_EQ(filled, (std::vector<float>{7, 8, 8, 8}));
}

TEST(TorchModelTest, AFullBatchIsGivenAsItIs)
{
    std::vector<at::Tensor> got;
    full_batches_of_four(got).probe(4, std::vector{bytes_of(four)});
    ASSERT_FALSE(got.empty());
    for (auto const& batch : got) EXPECT_EQ(batch.numel(), 4);
}

TEST(TorchModelTest, FewRowsTellWhatComesOut)
{
    auto const model = bind_script("def forward(self, x):\n    assert x.size(0) < 8\n    return x\n");
    std::vector<float> const many(8);
    EXPECT_EQ(model->probe(8, std::vector{bytes_of(many)}), (std::vector<NamedTensor>{{"/output", number}}));
}

TEST(TorchModelTest, AModelThatTakesWholeBatchesOnlyIsProbedWithOne)
{
    auto const model = bind_script("def forward(self, x):\n    return x.reshape(8)\n");
    std::vector<float> const many(8);
    EXPECT_EQ(model->probe(8, std::vector{bytes_of(many)}), (std::vector<NamedTensor>{{"/output", number}}));
}

TEST(TorchModelTest, OnlyWhatHasARowForEachRowIsTrimmed)
{
    std::vector<at::Tensor> got;
    for (auto const rows : {2u, 4u}) {
        TorchModel model{std::make_unique<FullBatches>(got), {}, one_input(4)};
        expect_error<ModelError>([&] { model.probe(rows, std::vector{bytes_of(four)}); }, {"'/five'", "[5]"});
    }
}

TEST(TorchModelTest, AnotherShapeThanInTheFirstBatchIsRefused)
{
    auto const model = bind_script("def forward(self, x):\n    return torch.zeros([x.size(0), int(x[0])])\n");
    model->probe(4, std::vector{bytes_of(four)});
    expect_error<ModelError>(
        [&] {
            run_four(*model, {3, 0, 0, 0});
        },
        {"'/output'", "float32[rows,3]", "float32[rows,1]", "first batch"});
}

TEST(TorchModelTest, AnotherNumberOfResultsThanInTheFirstBatchIsRefused)
{
    auto const model = bind_script("def forward(self, x):\n    return [x] * int(x[0])\n");
    model->probe(4, std::vector{bytes_of(four)});
    expect_error<ModelError>([&] { run_four(*model, {2, 0, 0, 0}); }, {"gives 2 results", "gave 1"});
}

TEST(TorchModelTest, AnErrorInALaterBatchNamesTheModel)
{
    auto const model = bind_script("def forward(self, x):\n    assert int(x[0]) == 1, 'no such atom'\n    return x\n");
    model->probe(4, std::vector{bytes_of(four)});
    expect_error<ModelError>(
        [&] {
            run_four(*model, {2, 0, 0, 0});
        },
        {"net.pt refused /x as float32[4]", "no such atom"});
}

/// What a row may be to blame for is told apart from what it is not.
TEST(TorchModelTest, OnlyWhatTheModelThrowsRefusesABatch)
{
    auto const refusing =
        bind_script("def forward(self, x):\n    assert int(x[0]) == 1, 'no such atom'\n    return x\n");
    refusing->probe(4, std::vector{bytes_of(four)});
    try {
        run_four(*refusing, {2, 0, 0, 0});
        FAIL();
    } catch (RefusedBatch const& refused) {
        EXPECT_EQ(refused.reason(), "AssertionError: no such atom");
    }
    auto const other_shape = bind_script("def forward(self, x):\n    return torch.zeros([x.size(0), int(x[0])])\n");
    auto const too_large =
        bind_script("def forward(self, x):\n    return torch.zeros([x.size(0), 1 if int(x[0]) == 1 else 1 << 43])\n");
    for (auto* model : {other_shape.get(), too_large.get()}) {
        model->probe(4, std::vector{bytes_of(four)});
        try {
            run_four(*model, {9, 0, 0, 0});
            ADD_FAILURE() << "nothing was thrown";
        } catch (RefusedBatch const& refused) {
            ADD_FAILURE() << refused.what();
        } catch (ModelError const& error) {
            EXPECT_NE(std::string{error.what()}.find(model == too_large.get() ? "memory" : "first batch"),
                      std::string::npos)
                << error.what();
        }
    }
}

TEST(TorchModelTest, AModelWhoseResultsAreAllDroppedIsRefused)
{
    std::vector<at::Tensor> got;
    auto binding = one_input(4);
    binding.outputs = {{}, {}, {}};
    TorchModel model{std::make_unique<FullBatches>(got), {}, std::move(binding)};
    expect_error<ConfigError>([&] { model.probe(4, std::vector{bytes_of(four)}); }, {"nothing would be stored"});
}

TEST(TorchModelTest, EachGradModeRunsAnOrdinaryModel)
{
    for (auto const grad : {Grad::inference, Grad::none, Grad::enabled}) {
        auto const model = bind_script("def forward(self, x):\n    return torch.relu(x - 2)\n", grad);
        EXPECT_EQ(run_batch<float>(*model, 4, 4, four), (std::vector<float>{0, 0, 1, 2}));
    }
}

TEST(TorchModelTest, AutogradInsideForwardNeedsGradEnabled)
{
    EXPECT_EQ(run_batch<float>(*bind_script(energy_and_force, Grad::enabled), 4, 4, four),
              (std::vector<float>{2, 4, 6, 8}));
    for (auto const grad : {Grad::inference, Grad::none}) {
        auto const model = bind_script(energy_and_force, grad);
        expect_error<ModelError>([&] { model->probe(4, std::vector{bytes_of(four)}); },
                                 {"net.pt calls autograd", "model.grad: enabled"});
    }
}

TEST(TorchModelTest, ResultsThatStillHaveAGraphAreStored)
{
    auto const model =
        bind_script("def forward(self, x):\n    return x.detach().requires_grad_(True) * 3\n", Grad::enabled);
    EXPECT_EQ(run_batch<float>(*model, 4, 4, four), (std::vector<float>{3, 6, 9, 12}));
}

TEST(TorchModelTest, AModelThatWritesIntoItsInputLeavesTheRowsAsTheyAre)
{
    auto const model = bind_script("def forward(self, x):\n    x.mul_(2)\n    return x + 1\n");
    alignas(64) std::array<float, 4> rows{1, 2, 3, 4};
    std::vector<std::byte const*> const inputs{reinterpret_cast<std::byte const*>(rows.data())};
    model->probe(4, inputs);
    std::array<float, 4> results{};
    std::vector<std::byte*> const outputs{reinterpret_cast<std::byte*>(results.data())};
    for (int run = 0; run < 2; ++run) {
        model->run(4, inputs, outputs);
        EXPECT_EQ(results, (std::array<float, 4>{3, 5, 7, 9}));
    }
    EXPECT_EQ(rows, (std::array<float, 4>{1, 2, 3, 4}));
}

} // namespace distinfer::model
