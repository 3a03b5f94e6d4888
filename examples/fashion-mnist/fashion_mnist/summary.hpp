#pragma once

#include "fashion_mnist/score.hpp"

#include <string>

namespace fashion_mnist
{

/// Accuracy over all and for each class, in lines for a terminal.
std::string summary_text(ConfusionMatrix const& matrix);

/// The same as a JSON object: rows, correct, accuracy, accuracy_per_class.
std::string summary_json(ConfusionMatrix const& matrix);

} // namespace fashion_mnist
