#include "distinfer/core/error.hpp"
#include "fashion_mnist/dataset.hpp"
#include "fashion_mnist/page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <unistd.h>

namespace fashion_mnist
{

namespace
{

/// One image of each class, each with a shade of its own.
Dataset one_of_each()
{
    Dataset dataset{{{class_count, 1, image_side, image_side}, {}}, {{class_count}, {}}};
    for (std::size_t label = 0; label < class_count; ++label) {
        dataset.labels.values.push_back(static_cast<std::uint8_t>(label));
        dataset.images.values.insert(dataset.images.values.end(), image_pixels, static_cast<std::uint8_t>(label * 20));
    }
    return dataset;
}

std::size_t count(std::string const& text, std::string const& word)
{
    std::size_t found = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) ++found;
    return found;
}

} // namespace

TEST(PageTest, ElementsAreClosedAndNothingIsLoadedFromElsewhere)
{
    auto const dataset = one_of_each();
    std::vector<Prediction> answers(class_count, {0, 0.9});
    auto const page = report_page(dataset, score(dataset.labels.values, answers, 24));
    for (std::string const element : {"section", "table", "tr", "td", "th", "figure", "ul", "li", "span", "div", "p"}) {
        EXPECT_EQ(count(page, "<" + element + ">") + count(page, "<" + element + " "),
                  count(page, "</" + element + ">"))
            << element;
    }
    EXPECT_EQ(count(page, "<figure>"), 9U);
    EXPECT_EQ(count(page, "src=\""), count(page, "src=\"data:image/png;base64,"));
    EXPECT_EQ(count(page, "http"), 0U);
}

TEST(DatasetTest, RoundTripThroughHdf5)
{
    auto const file =
        (std::filesystem::temp_directory_path() / ("fashion" + std::to_string(getpid()) + ".h5")).string();
    auto const written = one_of_each();
    write_dataset(file, written);
    auto const read = read_dataset(file);
    std::filesystem::remove(file);
    EXPECT_EQ(read.images.shape, written.images.shape);
    EXPECT_EQ(read.images.values, written.images.values);
    EXPECT_EQ(read.labels.values, written.labels.values);
    EXPECT_EQ(read.image(3)[0], 60);
}

TEST(DatasetTest, OtherShapesAndLabelsAreRefused)
{
    EXPECT_NO_THROW(validate(one_of_each(), "a"));
    auto wrong = one_of_each();
    wrong.labels.values[2] = 10;
    EXPECT_THROW(validate(wrong, "a"), distinfer::InputError);
    wrong = one_of_each();
    wrong.images.shape = {class_count, image_side, image_side};
    EXPECT_THROW(validate(wrong, "a"), distinfer::InputError);
    EXPECT_THROW(validate(Dataset{}, "a"), distinfer::InputError);
    EXPECT_THROW(read_dataset("no/such/file.h5"), distinfer::InputError);
}

} // namespace fashion_mnist
