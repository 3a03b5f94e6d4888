#include "distinfer/core/error.hpp"
#include "fashion_mnist/score.hpp"
#include "fashion_mnist/summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace fashion_mnist
{

namespace
{

std::vector<float> logits_with(std::size_t label, float value)
{
    std::vector<float> logits(class_count);
    logits.at(label) = value;
    return logits;
}

} // namespace

TEST(PredictTest, LargestLogitAndItsSoftmax)
{
    auto const answer = predict(logits_with(3, 2.0F));
    EXPECT_EQ(answer.label, 3);
    EXPECT_NEAR(answer.confidence, std::exp(2.0) / (std::exp(2.0) + 9.0), 1e-12);
}

TEST(PredictTest, LargeLogitsDoNotOverflow)
{
    EXPECT_DOUBLE_EQ(predict(logits_with(9, 3e38F)).confidence, 1.0);
    EXPECT_DOUBLE_EQ(predict(std::vector<float>(class_count, 3e38F)).confidence, 0.1);
}

TEST(PredictRowsTest, OtherShapesAndNonFiniteLogitsAreRefused)
{
    EXPECT_EQ(predict_rows({{1, 10}, logits_with(4, 1.0F)}, 1).at(0).label, 4);
    EXPECT_THROW(predict_rows({{10}, logits_with(4, 1.0F)}, 1), distinfer::InputError);
    EXPECT_THROW(predict_rows({{1, 10}, logits_with(4, 1.0F)}, 2), distinfer::InputError);
    EXPECT_THROW(predict_rows({{1, 10}, logits_with(4, NAN)}, 1), distinfer::InputError);
    EXPECT_THROW(predict_rows({{1, 10}, logits_with(4, INFINITY)}, 1), distinfer::InputError);
}

TEST(ConfusionMatrixTest, CountsAndShares)
{
    ConfusionMatrix matrix;
    EXPECT_EQ(matrix.accuracy(), 0.0);
    matrix.add(0, 0);
    matrix.add(0, 6);
    matrix.add(9, 9);
    matrix.add(9, 9);
    EXPECT_EQ(matrix.rows(), 4U);
    EXPECT_EQ(matrix.correct(), 3U);
    EXPECT_EQ(matrix.at(0, 6), 1U);
    EXPECT_DOUBLE_EQ(matrix.accuracy(), 0.75);
    EXPECT_DOUBLE_EQ(matrix.accuracy_of(0), 0.5);
    EXPECT_DOUBLE_EQ(matrix.accuracy_of(9), 1.0);
    EXPECT_DOUBLE_EQ(matrix.accuracy_of(5), 0.0);
    EXPECT_THROW(matrix.add(10, 0), std::out_of_range);
}

TEST(ScoreTest, WorstMistakesComeFirstAndTiesKeepTheirOrder)
{
    std::vector<std::uint8_t> const labels{1, 1, 1, 1, 1};
    std::vector<Prediction> const answers{{2, 0.5}, {3, 0.9}, {1, 0.99}, {4, 0.9}, {5, 0.7}};
    auto const worst = score(labels, answers, 3).worst;
    ASSERT_EQ(worst.size(), 3U);
    EXPECT_EQ(worst[0].row, 1U);
    EXPECT_EQ(worst[1].row, 3U);
    EXPECT_EQ(worst[2].row, 4U);
    EXPECT_EQ(worst[0].truth, 1);
    EXPECT_EQ(worst[0].answer.label, 3);
}

TEST(ScoreTest, TypicalIsTheSurestRightAnswer)
{
    std::vector<std::uint8_t> const labels{7, 7, 7, 8};
    std::vector<Prediction> const answers{{7, 0.5}, {7, 0.8}, {6, 0.99}, {7, 0.9}};
    auto const typical = score(labels, answers, 3).typical;
    EXPECT_EQ(typical[7], 1U);
    EXPECT_EQ(typical[8], std::nullopt);
}

TEST(SummaryTest, TextAndJsonTellTheSame)
{
    ConfusionMatrix matrix;
    matrix.add(0, 0);
    matrix.add(1, 0);
    EXPECT_NE(summary_text(matrix).find("accuracy: 50.00 % (1 of 2 images)"), std::string::npos);
    EXPECT_NE(summary_text(matrix).find("T-shirt/top"), std::string::npos);
    EXPECT_NE(summary_json(matrix).find("\"accuracy\": 0.5"), std::string::npos);
    EXPECT_NE(summary_json(matrix).find("\"T-shirt/top\": 1.0"), std::string::npos);
}

} // namespace fashion_mnist
