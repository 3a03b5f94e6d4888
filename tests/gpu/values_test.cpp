#include "gpu/on_gpu.hpp"
#include "gpu/pictures.hpp"

#include <map>

namespace distinfer::test
{

namespace
{

using ValuesOnGpu = OnGpu;

TensorSpec const bytes{DType::uint8, {3, 32, 32}};

/// Types by the numbers that TorchScript knows them by.
std::map<std::string, std::string> const number_of{
    {"int32", "3"}, {"float16", "5"}, {"float32", "6"}, {"bfloat16", "15"}};

std::string cast(std::string const& value, std::string const& type)
{
    return value + ".to(" + number_of.at(type) + ")";
}

/// The operations that config.md promises, one after the other, in a type.
std::string normalised(std::string const& type)
{
    auto const channels = [&](std::string const& values) {
        return "torch.tensor([" + values + "], dtype=" + number_of.at(type) +
               ", device=x.device).reshape([1, 3, 1, 1])";
    };
    return "    x = (" + cast("x", type) + " * 0.00392156862745098 - " + channels("0.485, 0.456, 0.406") + ") / " +
           channels("0.229, 0.224, 0.225") + "\n";
}

} // namespace

TEST_F(ValuesOnGpu, RowsAreCastScaledAndNormalisedAsLibTorchDoes)
{
    std::string const results = "z, torch.argmax(z, 1)";
    std::string const to_float = "    x = " + cast("x", "float32") + "\n";
    for (std::string const type : {"float32", "bfloat16", "float16"}) {
        SCOPED_TRACE(type);
        Pictures const pictures{
            {.row = bytes,
             .model = Pictures::network(to_float, results),
             .input = ", dtype: " + type +
                      ", scale: 0.00392156862745098, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]"}};
        auto const loop = pictures.save("loop.pt", Pictures::network(normalised(type) + to_float, results));
        pictures.expect_bits_of_the_loop({"/y", "/best"}, {"run.window=1"}, {}, loop);
    }
}

TEST_F(ValuesOnGpu, ResultsAreTransformedAndCastAsLibTorchDoes)
{
    Pictures const pictures{{.model = Pictures::network("", "z, z, z, z, z"),
                             .outputs =
                                 "[{dataset: /softmax, transform: softmax}, {dataset: /sigmoid, transform: sigmoid}, "
                                 "{dataset: /best, transform: argmax, dtype: int32}, "
                                 "{dataset: /top, transform: 'topk:3'}, {dataset: /half, dtype: float16}]"}};
    auto const loop = pictures.save(
        "loop.pt",
        Pictures::network("", "torch.softmax(z, -1), torch.sigmoid(z), " + cast("torch.argmax(z, -1)", "int32") +
                                  ", torch.topk(z, 3)[0], torch.topk(z, 3)[1], " + cast("z", "float16")));
    pictures.expect_bits_of_the_loop({"/softmax", "/sigmoid", "/best", "/top/values", "/top/indices", "/half"}, {}, {},
                                     loop);
}

} // namespace distinfer::test
