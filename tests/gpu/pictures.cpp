#include "gpu/pictures.hpp"

#include "gpu/on_gpu.hpp"
#include "gpu/same_rows.hpp"
#include "support/hdf5_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace distinfer::test
{

Pictures::Form Pictures::plain()
{
    return {.model = network("", "z, torch.argmax(z, 1)")};
}

std::string Pictures::network(std::string const& before, std::string const& results)
{
    return "def forward(self, x):\n" + before + R"(
    h = torch.relu(torch.conv2d(x, self.w1, stride=[1, 1], padding=[1, 1]))
    h = torch.relu(torch.conv2d(h, self.w2, stride=[2, 2], padding=[1, 1]))
    z = torch.matmul(h.mean([2, 3]), self.w3)
    return )" +
           results + "\n";
}

Pictures::Pictures(Form const& form) : input_(random_rows(form.row, rows))
{
    save("model.pt", form.model);
    write_dataset(folder_ / "data.h5", "/x", input_.spec, rows, input_.bytes);
    std::ofstream{folder_ / "config.yaml"}
        << "input: {files: data.h5}\n"
        << "model: {path: model.pt, inputs: [{dataset: /x" << form.input << "}], outputs: " << form.outputs << "}\n"
        << "output: {file: out.h5, if_exists: overwrite}\n"
        << "run: {batch: " << batch << ", threads: 1, device: " << gpu_device() << "}\n";
}

std::string Pictures::save(std::string const& name, std::string const& source) const
{
    save_script(folder_ / name, source, {{"w1", {16, 3, 3, 3}}, {"w2", {32, 16, 3, 3}}, {"w3", {32, 10}}});
    return folder_ / name;
}

Ended Pictures::run(std::vector<std::string> const& settings, Start const& start) const
{
    std::vector<std::string> arguments{folder_ / "config.yaml"};
    for (auto const& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    return run_program(arguments, start);
}

void Pictures::expect_bits_of_the_loop(std::vector<std::string> const& datasets,
                                       std::vector<std::string> const& settings, Start const& start,
                                       std::string const& model) const
{
    auto const ended = run(settings, start);
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    auto const wanted = reference_loop(model.empty() ? folder_ / "model.pt" : model, {input_}, batch, 1, gpu_device());
    ASSERT_EQ(wanted.size(), datasets.size());
    for (std::size_t i = 0; i < datasets.size(); ++i)
        EXPECT_TRUE(are_rows(read_dataset(folder_ / "out.h5", datasets[i]), wanted[i])) << datasets[i];
}

nlohmann::json Pictures::report() const
{
    return nlohmann::json::parse(std::ifstream{folder_ / "report.json"});
}

} // namespace distinfer::test
