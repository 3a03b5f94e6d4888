// fashion-train: trains a small convolutional network in C++ and saves it as TorchScript, without any Python.
#include "fashion_mnist/dataset.hpp"
#include "fashion_mnist/program.hpp"

#include <torch/script.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <numbers>

namespace
{

using namespace fashion_mnist;

constexpr std::uint64_t seed = 20260101;
constexpr int epochs = 14;
constexpr std::int64_t batch_rows = 128;
constexpr double peak_rate = 4e-3;
constexpr double weight_decay = 1e-3;
constexpr double label_smoothing = 0.05;
constexpr std::int64_t shift = 1; ///< pixels that training images may move

/// What dist-infer runs: images float32 [N,1,28,28] in 0..1 give (logits [N,10], embedding [N,32]).
constexpr char const* forward_source = R"py(
def forward(self, images: Tensor) -> Tuple[Tensor, Tensor]:
    x = (images - 0.286) / 0.353
    x = torch.conv2d(x, self.conv1_weight, self.conv1_bias, [1, 1], [1, 1])
    x = torch.max_pool2d(torch.relu(x), [2, 2])
    x = torch.conv2d(x, self.conv2_weight, self.conv2_bias, [1, 1], [1, 1])
    x = torch.max_pool2d(torch.relu(x), [2, 2])
    x = torch.conv2d(x, self.conv3_weight, self.conv3_bias, [1, 1], [1, 1])
    x = torch.relu(x).flatten(1)
    embedding = torch.matmul(x, self.embed_weight) + self.embed_bias
    logits = torch.matmul(torch.relu(embedding), self.head_weight) + self.head_bias
    return logits, embedding
)py";

/// A weight with He's initial values for a layer that sums `inputs` values, and its bias.
void add_layer(torch::jit::Module& module, std::string const& name, std::vector<std::int64_t> const& shape,
               std::int64_t inputs, std::int64_t outputs)
{
    auto const spread = std::sqrt(2.0 / static_cast<double>(inputs));
    module.register_parameter(name + "_weight", (torch::randn(shape) * spread).requires_grad_(true), false);
    module.register_parameter(name + "_bias", torch::zeros({outputs}).requires_grad_(true), false);
}

torch::jit::Module make_network()
{
    torch::jit::Module module{"FashionNet"};
    add_layer(module, "conv1", {16, 1, 3, 3}, 9, 16);
    add_layer(module, "conv2", {32, 16, 3, 3}, 16L * 9, 32);
    add_layer(module, "conv3", {32, 32, 3, 3}, 32L * 9, 32);
    add_layer(module, "embed", {32L * 7 * 7, 32}, 32L * 7 * 7, 32);
    add_layer(module, "head", {32, 10}, 32, 10);
    module.define(forward_source);
    return module;
}

/// The values as a tensor of their own type that borrows their memory.
torch::Tensor borrow(Array<std::uint8_t>& array)
{
    std::vector<std::int64_t> const shape(array.shape.begin(), array.shape.end());
    return torch::from_blob(array.values.data(), shape, torch::kUInt8);
}

/// Moves the batch by some pixels and mirrors half of its images: there are no more than 60,000 of them.
torch::Tensor augment(torch::Tensor const& images)
{
    auto const side = images.size(3);
    auto const padded = torch::constant_pad_nd(images, {shift, shift, shift, shift});
    auto const offset = torch::randint(0, 2 * shift + 1, {2});
    auto const moved =
        padded.narrow(2, offset[0].item<std::int64_t>(), side).narrow(3, offset[1].item<std::int64_t>(), side);
    auto const mirror = torch::rand({images.size(0), 1, 1, 1}) < 0.5;
    return torch::where(mirror, moved.flip(3), moved);
}

/// The learning rate rises over the first tenth, then falls as a half cosine.
double rate_at(double progress)
{
    constexpr double rise = 0.1;
    if (progress < rise) return peak_rate * progress / rise;
    return peak_rate * 0.5 * (1.0 + std::cos(std::numbers::pi * (progress - rise) / (1.0 - rise)));
}

void set_rate(torch::optim::Optimizer& optimizer, double rate)
{
    for (auto& group : optimizer.param_groups()) group.options().set_lr(rate);
}

std::vector<torch::Tensor> parameters_of(torch::jit::Module const& module)
{
    std::vector<torch::Tensor> parameters;
    for (auto const& parameter : module.parameters()) parameters.push_back(parameter);
    return parameters;
}

/// One pass over all images in random order. @returns the mean loss
double train_epoch(torch::jit::Module& module, torch::optim::Optimizer& optimizer, torch::Tensor const& images,
                   torch::Tensor const& labels, int epoch)
{
    auto const loss_options = torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(label_smoothing);
    auto const rows = images.size(0);
    auto const order = torch::randperm(rows);
    double loss_sum = 0;
    for (std::int64_t first = 0; first < rows; first += batch_rows) {
        auto const chosen = order.slice(0, first, std::min(first + batch_rows, rows));
        auto const batch = augment(images.index_select(0, chosen).to(torch::kFloat32) / 255.0);
        auto const logits = module.forward({batch}).toTuple()->elements()[0].toTensor();
        auto const loss = torch::nn::functional::cross_entropy(logits, labels.index_select(0, chosen).to(torch::kInt64),
                                                               loss_options);
        set_rate(optimizer, rate_at((epoch + static_cast<double>(first) / static_cast<double>(rows)) / epochs));
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        loss_sum += loss.item<double>() * static_cast<double>(chosen.size(0));
    }
    return loss_sum / static_cast<double>(rows);
}

int train(Arguments arguments)
{
    expect_arguments(arguments, 2, "fashion-train TRAIN.h5 MODEL.pt");
    auto dataset = read_dataset(arguments[0]);
    auto const images = borrow(dataset.images);
    auto const labels = borrow(dataset.labels);
    torch::manual_seed(seed);
    auto module = make_network();
    torch::optim::AdamW optimizer{parameters_of(module),
                                  torch::optim::AdamWOptions(peak_rate).weight_decay(weight_decay)};
    auto const start = std::chrono::steady_clock::now();
    for (int epoch = 0; epoch < epochs; ++epoch) {
        auto const loss = train_epoch(module, optimizer, images, labels, epoch);
        std::chrono::duration<double> const seconds = std::chrono::steady_clock::now() - start;
        std::cout << "epoch " << epoch + 1 << " of " << epochs << ": loss " << loss << ", " << seconds.count() << " s"
                  << std::endl;
    }
    module.save(arguments[1]);
    std::cout << "fashion-train: saved " << arguments[1] << '\n';
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    return run_program("fashion-train", argc, argv, train);
}
