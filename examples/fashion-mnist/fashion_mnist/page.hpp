#pragma once

#include "fashion_mnist/dataset.hpp"
#include "fashion_mnist/score.hpp"

#include <string>

namespace fashion_mnist
{

/// One HTML page that needs no other file: accuracy, accuracy of each class, confusion matrix, worst mistakes.
std::string report_page(Dataset const& dataset, Score const& score);

} // namespace fashion_mnist
