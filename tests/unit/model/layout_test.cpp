#include "distinfer/file/file.hpp"
#include "layout.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_models.hpp"
#include "unit/io/expect_error.hpp"
#include "unit/model/bound_model.hpp"

#include <gtest/gtest.h>
#include <torch/script.h>

namespace distinfer::model
{

namespace
{

constexpr std::uint64_t rows = 2;
constexpr std::size_t values = 2 * 4 * 6 * 6;

/// A convolution of pictures, [3, 8, 8] to [4, 6, 6].
constexpr auto convolution = "def forward(self, x):\n    return torch.conv2d(x, self.w)\n";

/// How far apart two channels of input and weight lie: 1 where they are last.
constexpr auto strides = "def forward(self, x):\n"
                         "    return torch.full([x.size(0), 4, 6, 6], float(x.stride(1) * 1000 + self.w.stride(1)))\n";

std::vector<float> run(std::string const& source, bool channels_last, std::vector<std::int64_t> weight = {4, 3, 3, 3})
{
    test::TemporaryFolder const folder;
    test::save_script(folder / "model.pt", source, {{"w", std::move(weight)}});
    auto const model =
        load_model(file::read_file(folder / "model.pt", ExitCode::model),
                   {.name = "net.pt", .channels_last = channels_last})
            ->bind({.inputs = {{.dataset = "/x"}}, .specs = {{DType::float32, {3, 8, 8}}}, .batch_rows = rows});
    std::vector<float> picture(rows * 3 * 8 * 8);
    for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<float>(i % 17) - 8;
    return run_batch<float>(*model, rows, values, picture);
}

} // namespace

TEST(LayoutTest, InputsAndWeightsHaveChannelsLastWhereThatIsWanted)
{
    EXPECT_EQ(run(strides, true).front(), 1001);
    EXPECT_EQ(run(strides, false).front(), 64 * 1000 + 9);
}

TEST(LayoutTest, ResultsAreStoredInTheUsualOrder)
{
    auto const usual = run(convolution, false);
    auto const last = run(convolution, true);
    for (std::size_t i = 0; i < values; ++i) EXPECT_NEAR(last[i], usual[i], 1e-4) << i;
}

TEST(LayoutTest, AModelWithoutConvolutionsIsToldSo)
{
    io::expect_error<ConfigError>(
        [] {
            run("def forward(self, x):\n    return x + self.w.sum()\n", true, {4, 3});
        },
        {"channels_last", "four axes"});
}

TEST(LayoutTest, IsCompiledIntoAPackage)
{
    EXPECT_NO_THROW(require_compiled_layout({.name = "net.pt2"}));
    EXPECT_THROW(require_compiled_layout({.name = "net.pt2", .channels_last = true}), ConfigError);
}

} // namespace distinfer::model
