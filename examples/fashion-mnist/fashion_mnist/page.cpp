#include "fashion_mnist/page.hpp"

#include "fashion_mnist/page_style.hpp"
#include "fashion_mnist/png.hpp"
#include "fashion_mnist/text.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace fashion_mnist
{

namespace
{

std::string class_name(std::size_t label)
{
    return escape_html(class_names.at(label));
}

std::string image_element(Dataset const& dataset, std::size_t row, std::string const& description)
{
    auto const side = std::uint32_t{image_side};
    return "<img width=\"28\" height=\"28\" alt=\"" + description + "\" src=\"" +
           png_data_uri(dataset.image(row), side, side) + "\">";
}

/// The picture that stands for a class; a class that was never right has none.
std::string icon(Dataset const& dataset, Score const& score, std::size_t label)
{
    auto const& row = score.typical.at(label);
    return row ? image_element(dataset, *row, "") : std::string{};
}

void write_headline(std::ostream& page, ConfusionMatrix const& matrix)
{
    page << "<h1>Fashion-MNIST, classified by <span>dist-infer</span></h1>\n<div class=\"headline\"><strong>"
         << percent(matrix.accuracy(), 2) << "</strong><p>" << grouped(matrix.correct()) << " of "
         << grouped(matrix.rows()) << " test images are given their right class</p></div>\n";
}

void write_bars(std::ostream& page, Dataset const& dataset, Score const& score)
{
    page << "<section><h2>How often each class is right</h2>\n"
            "<p>The picture is the image of the class that the model is surest of.</p>\n<ul class=\"bars\">\n";
    for (std::size_t label = 0; label < class_count; ++label) {
        auto const share = score.matrix.accuracy_of(label);
        page << "<li><span>" << icon(dataset, score, label) << "</span><span>" << class_name(label)
             << "</span><span class=\"track\"><i style=\"--share:" << css_number(share) << "\"></i></span><b>"
             << percent(share, 1) << "</b></li>\n";
    }
    page << "</ul></section>\n";
}

/// Mistakes are few beside the right answers: the root of their share keeps them visible.
double cell_opacity(double share, bool hit)
{
    return hit ? 0.25 + 0.75 * share : std::min(1.0, 1.8 * std::sqrt(share));
}

void write_cell(std::ostream& page, ConfusionMatrix const& matrix, std::size_t truth, std::size_t predicted)
{
    constexpr double dark_enough_for_white = 0.75;
    auto const count = matrix.at(truth, predicted);
    if (count == 0) {
        page << "<td class=\"none\"></td>";
        return;
    }
    bool const hit = truth == predicted;
    auto const opacity = cell_opacity(static_cast<double>(count) / static_cast<double>(matrix.rows_of(truth)), hit);
    page << "<td class=\"" << (hit ? "hit" : "miss") << (opacity > dark_enough_for_white ? " strong" : "")
         << "\" style=\"--share:" << css_number(opacity) << "\" title=\"" << class_name(truth) << " taken for "
         << class_name(predicted) << ": " << count << "\">" << count << "</td>";
}

void write_matrix(std::ostream& page, Dataset const& dataset, Score const& score)
{
    page << "<section><h2>What is taken for what</h2>\n"
            "<p>A row is what the image shows, a column what the model says. Blue is right, orange is wrong.</p>\n"
            "<table class=\"matrix\"><thead><tr><td class=\"corner\"></td>";
    for (std::size_t label = 0; label < class_count; ++label) {
        page << "<th scope=\"col\"><span>" << class_name(label) << "</span>" << icon(dataset, score, label) << "</th>";
    }
    page << "</tr></thead>\n<tbody>\n";
    for (std::size_t truth = 0; truth < class_count; ++truth) {
        page << "<tr><th scope=\"row\">" << class_name(truth) << "</th>";
        for (std::size_t predicted = 0; predicted < class_count; ++predicted) {
            write_cell(page, score.matrix, truth, predicted);
        }
        page << "</tr>\n";
    }
    page << "</tbody></table></section>\n";
}

void write_mistakes(std::ostream& page, Dataset const& dataset, Score const& score)
{
    page << "<section><h2>The most confident mistakes</h2>\n"
            "<p>Wrong answers that the model was surest of. Some labels may be what is wrong.</p>\n"
            "<div class=\"mistakes\">\n";
    for (auto const& mistake : score.worst) {
        page << "<figure>" << image_element(dataset, mistake.row, "test image " + std::to_string(mistake.row))
             << "<figcaption><span class=\"said\">" << class_name(mistake.answer.label)
             << "</span><span>label: " << class_name(mistake.truth) << "</span><span>"
             << percent(mistake.answer.confidence, 2) << " sure</span></figcaption></figure>\n";
    }
    page << "</div></section>\n";
}

} // namespace

std::string report_page(Dataset const& dataset, Score const& score)
{
    std::ostringstream page;
    page << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<title>Fashion-MNIST, classified by dist-infer</title>\n<style>"
         << page_style << "</style>\n</head>\n<body>\n<main>\n";
    write_headline(page, score.matrix);
    write_bars(page, dataset, score);
    write_matrix(page, dataset, score);
    write_mistakes(page, dataset, score);
    page << "<footer>Images: Fashion-MNIST, © 2017 Zalando SE, MIT licence.</footer>\n</main>\n</body>\n</html>\n";
    return page.str();
}

} // namespace fashion_mnist
