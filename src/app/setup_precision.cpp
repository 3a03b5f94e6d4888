// How Setup tells what a reduced precision changes.
#include "batch_run.hpp"
#include "distinfer/app/agree.hpp"
#include "distinfer/app/setup.hpp"
#include "distinfer/config/load.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/model/deviation.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace distinfer::app
{

namespace
{

std::string in_words(report::PrecisionEffect const& effect)
{
    if (effect.absolute == 0) return effect.dataset + " does not change";
    return fmt::format("{} changes by up to {:.2g}, {:.2g} of its largest value", effect.dataset, effect.absolute,
                       effect.relative);
}

} // namespace

bool Setup::reduces_precision() const
{
    return config_.model.precision != config::Precision::float32 || config_.model.autocast;
}

/// At each start, on root, which begins with another copy of the model for that: what adapts to its first calls is
/// given the same calls on every rank.
void Setup::compare_precision()
{
    agree_on_root(communicator_, [&] {
        if (reduces_precision() && report_.rows > 0) warn_of_precision();
    });
    model_file_.reset();
}

void Setup::warn_of_precision()
{
    PayloadLayout const inputs{inputs_};
    auto const rows = std::min(report_.rows, report_.batch);
    auto const results_with = [&](model::LoadOptions const& options) {
        auto const loaded = model::load_model(model_file_->get(), options);
        auto batch =
            std::make_unique<BatchRun>(bind(*loaded, report_.batch, true), inputs, read_rows({0, rows}), rows, rows);
        batch->run();
        return batch;
    };
    auto exact = load_options();
    exact.precision = config::Precision::float32;
    exact.autocast = false;
    try {
        auto const should_be = results_with(exact);
        auto const is = results_with(load_options());
        std::string words;
        for (std::size_t i = 0; i < is->outputs().size(); ++i) {
            auto const found = model::largest_deviation({is->outputs()[i].spec, is->result(i)},
                                                        {should_be->outputs().at(i).spec, should_be->result(i)}, rows);
            auto const& effect = report_.precision_effects.emplace_back(
                report::PrecisionEffect{is->outputs()[i].name, found.absolute, found.relative});
            words.append(words.empty() ? "" : "; ").append(in_words(effect));
        }
        log::warning(fmt::format("beside float32, on the first {} rows: {}", rows, words));
    } catch (ModelError const& error) {
        // The job itself may run these rows all the same: without bad ones, or in parts.
        log::warning(error_message("cannot tell what model.precision changes", error.what(), {}));
    }
}

} // namespace distinfer::app
