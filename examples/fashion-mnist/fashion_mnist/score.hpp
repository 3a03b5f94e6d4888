#pragma once

#include "fashion_mnist/array.hpp"
#include "fashion_mnist/dataset.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fashion_mnist
{

/// The model's answer for one image.
struct Prediction
{
    std::uint8_t label = 0;
    double confidence = 0; ///< its softmax probability
};

/// How often an image of one class was taken for another.
class ConfusionMatrix
{
  public:
    void add(std::size_t truth, std::size_t predicted);

    std::uint64_t at(std::size_t truth, std::size_t predicted) const { return counts_.at(truth).at(predicted); }
    std::uint64_t rows() const;
    std::uint64_t rows_of(std::size_t truth) const;
    std::uint64_t correct() const;

    /// Share of all images that are right, 0 without images.
    double accuracy() const;

    /// Share of the images of one class that are right, 0 without images.
    double accuracy_of(std::size_t truth) const;

  private:
    std::array<std::array<std::uint64_t, class_count>, class_count> counts_{};
};

/// One image whose answer is wrong.
struct Mistake
{
    std::size_t row = 0;
    std::uint8_t truth = 0;
    Prediction answer;
};

/// What the model got right and wrong.
struct Score
{
    ConfusionMatrix matrix;
    std::vector<Mistake> worst;                                    ///< the most confident mistakes, worst first
    std::array<std::optional<std::size_t>, class_count> typical{}; ///< row of the surest right answer of each class
};

/// Largest of ten logits and its softmax probability; the first wins a tie. @pre logits.size() == 10, all finite
Prediction predict(std::span<float const> logits);

/// The answer for every row of the logits. @throws InputError where they are not finite or not [rows,10]
std::vector<Prediction> predict_rows(Array<float> const& logits, std::size_t rows);

/// @pre labels.size() == answers.size()
Score score(std::span<std::uint8_t const> labels, std::span<Prediction const> answers, std::size_t worst_limit);

} // namespace fashion_mnist
