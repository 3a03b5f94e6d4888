#include "fashion_mnist/summary.hpp"

#include "fashion_mnist/text.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <iomanip>
#include <sstream>

namespace fashion_mnist
{

std::string summary_text(ConfusionMatrix const& matrix)
{
    constexpr double bar_width = 40;
    std::ostringstream text;
    text << "accuracy: " << percent(matrix.accuracy(), 2) << " (" << grouped(matrix.correct()) << " of "
         << grouped(matrix.rows()) << " images)\naccuracy per class:\n";
    for (std::size_t truth = 0; truth < class_count; ++truth) {
        auto const share = matrix.accuracy_of(truth);
        text << "  " << std::left << std::setw(12) << class_names.at(truth) << std::right << std::setw(8)
             << percent(share, 1) << "  " << std::string(static_cast<std::size_t>(std::lround(share * bar_width)), '#')
             << '\n';
    }
    return text.str();
}

std::string summary_json(ConfusionMatrix const& matrix)
{
    nlohmann::ordered_json json{
        {"rows", matrix.rows()}, {"correct", matrix.correct()}, {"accuracy", matrix.accuracy()}};
    for (std::size_t truth = 0; truth < class_count; ++truth) {
        json["accuracy_per_class"][std::string{class_names.at(truth)}] = matrix.accuracy_of(truth);
    }
    return json.dump(2) + "\n";
}

} // namespace fashion_mnist
