#include "fashion_mnist/score.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace fashion_mnist
{

namespace
{

double share(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Keeps the most confident ones; equal confidences stay in the order of the rows, so that a page can be compared.
void keep_worst(std::vector<Mistake>& mistakes, std::size_t limit)
{
    std::stable_sort(mistakes.begin(), mistakes.end(),
                     [](Mistake const& a, Mistake const& b) { return a.answer.confidence > b.answer.confidence; });
    if (mistakes.size() > limit) mistakes.resize(limit);
}

} // namespace

void ConfusionMatrix::add(std::size_t truth, std::size_t predicted)
{
    ++counts_.at(truth).at(predicted);
}

std::uint64_t ConfusionMatrix::rows() const
{
    std::uint64_t sum = 0;
    for (std::size_t truth = 0; truth < class_count; ++truth) sum += rows_of(truth);
    return sum;
}

std::uint64_t ConfusionMatrix::rows_of(std::size_t truth) const
{
    auto const& row = counts_.at(truth);
    return std::accumulate(row.begin(), row.end(), std::uint64_t{0});
}

std::uint64_t ConfusionMatrix::correct() const
{
    std::uint64_t sum = 0;
    for (std::size_t truth = 0; truth < class_count; ++truth) sum += at(truth, truth);
    return sum;
}

double ConfusionMatrix::accuracy() const
{
    return share(correct(), rows());
}

double ConfusionMatrix::accuracy_of(std::size_t truth) const
{
    return share(at(truth, truth), rows_of(truth));
}

Prediction predict(std::span<float const> logits)
{
    auto const best = std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (auto const logit : logits) sum += std::exp(double{logit} - double{*best});
    return {static_cast<std::uint8_t>(best - logits.begin()), 1.0 / sum};
}

std::vector<Prediction> predict_rows(Array<float> const& logits, std::size_t rows)
{
    if (logits.shape != std::vector<std::uint64_t>{rows, class_count}) {
        throw distinfer::InputError("the logits have another shape than [" + std::to_string(rows) + ",10]");
    }
    std::vector<Prediction> answers;
    for (std::size_t row = 0; row < rows; ++row) {
        auto const one = std::span{logits.values}.subspan(row * class_count, class_count);
        if (!std::all_of(one.begin(), one.end(), [](float logit) { return std::isfinite(logit); })) {
            throw distinfer::InputError("the logits of row " + std::to_string(row) + " are not all finite");
        }
        answers.push_back(predict(one));
    }
    return answers;
}

Score score(std::span<std::uint8_t const> labels, std::span<Prediction const> answers, std::size_t worst_limit)
{
    distinfer::expects(labels.size() == answers.size(), "one answer for each label");
    Score result;
    for (std::size_t row = 0; row < labels.size(); ++row) {
        auto const truth = labels[row];
        auto const& answer = answers[row];
        result.matrix.add(truth, answer.label);
        if (answer.label != truth) {
            result.worst.push_back({row, truth, answer});
            continue;
        }
        auto& typical = result.typical.at(truth);
        if (!typical || answer.confidence > answers[*typical].confidence) typical = row;
    }
    keep_worst(result.worst, worst_limit);
    return result;
}

} // namespace fashion_mnist
