#include "distinfer/io/trial.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/io/file_source.hpp"
#include "distinfer/io/hdf5_read.hpp"
#include "distinfer/io/passthrough.hpp"

#include <algorithm>

namespace distinfer::io
{

namespace
{

/// Texts one behind the other, each ended by a zero byte, which no path and no name holds.
class Texts
{
  public:
    Texts() = default;
    explicit Texts(std::string text) : text_(std::move(text)) {}

    void put(std::string const& text) { text_.append(text).append(1, '\0'); }
    void put(std::uint64_t number) { put(std::to_string(number)); }

    void put(std::vector<std::string> const& texts)
    {
        put(texts.size());
        for (auto const& text : texts) put(text);
    }

    std::string take()
    {
        auto const end = text_.find('\0', at_);
        expects(end != std::string::npos, "a trial that is whole");
        auto text = text_.substr(at_, end - at_);
        at_ = end + 1;
        return text;
    }

    std::uint64_t take_number() { return std::stoull(take()); }

    std::vector<std::string> take_list()
    {
        std::vector<std::string> texts;
        for (auto left = take_number(); left > 0; --left) texts.push_back(take());
        return texts;
    }

    std::string const& text() const noexcept { return text_; }

  private:
    std::string text_;
    std::size_t at_ = 0;
};

} // namespace

std::string encode(Trial const& trial)
{
    Texts texts;
    texts.put(trial.files);
    texts.put(trial.datasets);
    texts.put(trial.passthrough);
    texts.put(trial.plugin_folder);
    texts.put(trial.limits.bytes);
    texts.put(trial.limits.shares);
    texts.put(trial.external == External::follow ? 1U : 0U);
    return texts.text();
}

Trial decode_trial(std::string const& text)
{
    Texts texts{text};
    Trial trial;
    trial.files = texts.take_list();
    trial.datasets = texts.take_list();
    trial.passthrough = texts.take_list();
    trial.plugin_folder = texts.take();
    trial.limits.bytes = texts.take_number();
    trial.limits.shares = texts.take_number();
    trial.external = texts.take_number() != 0 ? External::follow : External::refuse;
    return trial;
}

void run_trial(Trial const& trial, std::function<void(std::size_t)> const& begin_file)
{
    if (!trial.plugin_folder.empty()) add_plugin_folder(trial.plugin_folder);
    for (std::size_t i = 0; i < trial.files.size(); ++i) {
        begin_file(i);
        auto const& file = trial.files[i];
        auto const source = open_file_source(file, trial.datasets, trial.limits, trial.external);
        source->look_up_chunks();
        check_passthrough({file}, {source->rows()}, trial.passthrough, trial.external);
    }
}

} // namespace distinfer::io
