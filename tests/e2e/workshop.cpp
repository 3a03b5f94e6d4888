#include "e2e/workshop.hpp"

#include "support/hdf5_file.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace distinfer::test
{

namespace
{

constexpr auto good_config = R"(version: 1
input:
  files: data.h5
model:
  path: model.pt
  inputs:
    - dataset: /x
  outputs:
    - dataset: /y
    - dataset: /z
output:
  file: out.h5
run:
  batch: 8
  threads: 1
)";

constexpr auto source = R"(
def forward(self, x):
    h = torch.matmul(x, self.w)
    return torch.tanh(h), torch.argmax(h, 1)
)";

} // namespace

Workshop::Workshop() : input_(random_rows({DType::float32, {6}}, rows))
{
    save_script(folder_ / "model.pt", source, {{"w", {6, 4}}});
    write_dataset(folder_ / "data.h5", "/x", input_.spec, rows, input_.bytes);
}

std::vector<Rows> Workshop::expected() const
{
    return reference_loop(folder_ / "model.pt", {input_}, batch, 1);
}

std::string Workshop::config(std::vector<std::pair<std::string, std::string>> const& changes) const
{
    std::string text = good_config;
    for (auto const& [old_text, new_text] : changes) {
        auto const at = text.find(old_text);
        if (at == std::string::npos) throw std::runtime_error("the good config has no '" + old_text + "'");
        text.replace(at, old_text.size(), new_text);
    }
    return write("config.yaml", text);
}

std::string Workshop::write(std::string const& name, std::string const& content) const
{
    std::ofstream{folder_ / name, std::ios::binary} << content;
    return folder_ / name;
}

bool Workshop::exists(std::string const& name) const
{
    return std::filesystem::exists(folder_ / name);
}

std::string Workshop::read(std::string const& name) const
{
    std::ostringstream text;
    text << std::ifstream{folder_ / name, std::ios::binary}.rdbuf();
    return text.str();
}

} // namespace distinfer::test
