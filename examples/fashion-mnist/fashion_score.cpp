// fashion-score: holds dist-infer's output against the labels, and draws what it finds.
#include "distinfer/core/error.hpp"
#include "fashion_mnist/hdf5.hpp"
#include "fashion_mnist/page.hpp"
#include "fashion_mnist/program.hpp"
#include "fashion_mnist/score.hpp"
#include "fashion_mnist/summary.hpp"
#include "fashion_mnist/text.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>

namespace
{

using namespace fashion_mnist;

/// Rows out of order, lost or doubled bring it to 0.1, a wrong scale to about 0.5: the model alone has over 0.9.
constexpr double accepted_accuracy = 0.86;
constexpr std::size_t mistakes_shown = 30;

/// The second output has no right answer to be held against; its form and that it was written can be checked.
void check_embedding(Array<float> const& embedding, std::size_t rows)
{
    if (embedding.shape.size() != 2 || embedding.shape[0] != rows) {
        throw distinfer::InputError("the embedding has another shape than [" + std::to_string(rows) + ",width]");
    }
    auto const width = static_cast<std::ptrdiff_t>(embedding.shape[1]);
    for (auto row = embedding.values.begin(); row != embedding.values.end(); row += width) {
        bool const finite = std::all_of(row, row + width, [](float value) { return std::isfinite(value); });
        bool const written = std::any_of(row, row + width, [](float value) { return value != 0; });
        if (finite && written) continue;
        auto const number = (row - embedding.values.begin()) / width;
        throw distinfer::InputError("the embedding of row " + std::to_string(number) + " is empty or not finite");
    }
}

void write_page(std::string const& path, std::string const& page)
{
    std::ofstream file{path, std::ios::binary};
    file << page;
    file.close();
    if (!file) throw distinfer::OutputError("cannot write " + path, {}, "check its folder and the disk");
}

int score_output(Arguments arguments)
{
    bool const json = take_flag(arguments, "--json");
    expect_arguments(arguments, 3, "fashion-score DATA.h5 OUT.h5 REPORT.html [--json]");
    auto const dataset = read_dataset(arguments[0]);
    Hdf5Reader const output{arguments[1]};
    auto const answers = predict_rows(output.read<float>("/logits"), dataset.size());
    check_embedding(output.read<float>("/embedding"), dataset.size());

    auto const result = score(dataset.labels.values, answers, mistakes_shown);
    write_page(arguments[2], report_page(dataset, result));
    std::cout << (json ? summary_json(result.matrix) : summary_text(result.matrix));
    if (result.matrix.accuracy() >= accepted_accuracy) return 0;
    std::cerr << "fashion-score: the accuracy is below " << percent(accepted_accuracy, 0)
              << " (are rows out of order, or is the input scaled otherwise than in training?)\n";
    return 1;
}

} // namespace

int main(int argc, char** argv)
{
    return run_program("fashion-score", argc, argv, score_output);
}
