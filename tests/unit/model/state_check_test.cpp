#include "distinfer/file/file.hpp"
#include "distinfer/model/loaded_model.hpp"
#include "support/temporary_folder.hpp"
#include "unit/io/expect_error.hpp"
#include "unit/model/bound_model.hpp"

#include <gtest/gtest.h>
#include <torch/script.h>

#include <functional>

namespace distinfer::model
{

namespace
{

using io::expect_error;

/// A model that has attributes `n` (int), `b` (buffer) and `hidden` (list of a tensor).
std::unique_ptr<Model> bound(std::string const& source, bool stateful = false)
{
    test::TemporaryFolder const folder;
    torch::jit::Module module{"Net"};
    module.register_attribute("n", c10::IntType::get(), 0);
    module.register_buffer("b", torch::zeros({2}));
    c10::List<torch::Tensor> hidden;
    hidden.push_back(torch::zeros({2}));
    module.register_attribute("hidden", c10::ListType::ofTensors(), hidden);
    module.define(source);
    module.save(folder / "model.pt");
    return load_model(file::read_file(folder / "model.pt", ExitCode::model), {.name = "net.pt"})
        ->bind(
            {.inputs = {{.dataset = "/x"}}, .specs = {{DType::float32, {2}}}, .batch_rows = 2, .stateful = stateful});
}

void probe(std::string const& source, bool stateful = false)
{
    std::vector<float> const rows{1, 2, 3, 4};
    bound(source, stateful)->probe(2, std::vector{bytes_of(rows)});
}

constexpr auto other_results = "gives other results for the same rows";
constexpr auto keeps = "keeps something from call to call";

constexpr auto dropout = "def forward(self, x):\n    return torch.dropout(x, 0.5, True)\n";
constexpr auto counter = "def forward(self, x):\n    self.n = self.n + 1\n    return x\n";
constexpr auto running_mean = "def forward(self, x):\n    self.b.mul_(0.9).add_(x.mean(0), alpha=0.1)\n    return x\n";
constexpr auto recurrent = "def forward(self, x):\n    h = torch.tanh(x + self.hidden[0])\n    self.hidden[0] = h[0]\n"
                           "    return h\n";
constexpr auto difference = "def forward(self, x):\n    y = x - self.b\n    self.b.copy_(x[0])\n    return y\n";

} // namespace

TEST(StateCheckTest, AModelThatKeepsNothingIsTaken)
{
    EXPECT_NO_THROW(probe("def forward(self, x):\n    return torch.tanh(x) / 0\n"));
}

TEST(StateCheckTest, RandomNumbersAreRefused)
{
    expect_error<ModelError>([] { probe(dropout); },
                             {"net.pt", other_results, "random numbers", "model.stateful: true"});
}

TEST(StateCheckTest, WhatACallChangesIsNamed)
{
    expect_error<ModelError>([] { probe(counter); }, {"net.pt", keeps, "'n'", "model.stateful: true"});
    expect_error<ModelError>([] { probe(running_mean); }, {keeps, "'b'"});
}

TEST(StateCheckTest, AStateInAListIsSeen)
{
    expect_error<ModelError>([] { probe(recurrent); }, {keeps, "'hidden'"});
}

TEST(StateCheckTest, AStateThatSettlesIsSeen)
{
    expect_error<ModelError>([] { probe(difference); }, {other_results});
}

TEST(StateCheckTest, RoomThatIsOnlyWrittenIsNoState)
{
    EXPECT_NO_THROW(probe("def forward(self, x):\n    self.b.copy_(x[0])\n    return x * self.b\n"));
    EXPECT_NO_THROW(probe("def forward(self, x):\n    if self.n == 0:\n        self.n = 1\n    return x\n"));
}

TEST(StateCheckTest, WhatIsDeclaredIsTaken)
{
    for (auto const* source : {dropout, counter, running_mean, recurrent, difference})
        EXPECT_NO_THROW(probe(source, true));
}

} // namespace distinfer::model
