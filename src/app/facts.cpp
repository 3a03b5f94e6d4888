#include "distinfer/app/facts.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace distinfer::app
{

namespace
{

using Json = nlohmann::json;

Json to_json(TensorSpec const& spec)
{
    return {{"dtype", name_of(spec.dtype)}, {"row_shape", spec.row_shape}};
}

TensorSpec spec_from(Json const& json)
{
    auto const dtype = parse_dtype(json.at("dtype").get<std::string>());
    expects(dtype.has_value(), "a dtype that root knows too");
    return {*dtype, json.at("row_shape").get<std::vector<std::int64_t>>()};
}

Json to_json(io::StoredForm const& form)
{
    Json filters = Json::array();
    for (auto const& filter : form.filters) filters.push_back({static_cast<int>(filter.kind), filter.element_bytes});
    std::vector<int> fill;
    for (auto const byte : form.fill) fill.push_back(static_cast<int>(byte));
    return {{"spec", to_json(form.spec)}, {"rows", form.rows},  {"swapped", form.swapped},
            {"chunk", form.chunk},        {"filters", filters}, {"fill", fill}};
}

io::StoredForm form_from(Json const& json)
{
    io::StoredForm form{.spec = spec_from(json.at("spec")),
                        .rows = json.at("rows").get<std::uint64_t>(),
                        .swapped = json.at("swapped").get<bool>(),
                        .chunk = json.at("chunk").get<std::vector<std::uint64_t>>()};
    for (auto const& filter : json.at("filters"))
        form.filters.push_back(
            {static_cast<io::Filter::Kind>(filter.at(0).get<int>()), filter.at(1).get<std::uint32_t>()});
    for (auto const& byte : json.at("fill")) form.fill.push_back(static_cast<std::byte>(byte.get<int>()));
    return form;
}

[[noreturn]] void refuse_facts(std::string const& why)
{
    throw OutputError("cannot go on with an earlier run", "its ledger says nonsense: " + why,
                      "start anew with run.resume: never");
}

} // namespace

std::string encode(std::vector<io::FileFacts> const& files)
{
    Json json = Json::array();
    for (auto const& file : files) {
        Json forms = Json::array();
        for (auto const& form : file.forms) forms.push_back(to_json(form));
        json.push_back({{"rows", file.rows}, {"forms", forms}, {"names", file.names}});
    }
    // A file's name need not be UTF-8.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<io::FileFacts> decode_file_facts(std::string const& text)
{
    std::vector<io::FileFacts> files;
    for (auto const& json : Json::parse(text)) {
        auto& file = files.emplace_back(io::FileFacts{.rows = json.at("rows").get<std::uint64_t>(),
                                                      .names = json.at("names").get<std::vector<std::string>>()});
        for (auto const& form : json.at("forms")) file.forms.push_back(form_from(form));
    }
    return files;
}

std::string encode(std::vector<io::PlacedDataset> const& datasets)
{
    Json json = Json::array();
    for (auto const& [dataset, row_bytes, offset] : datasets)
        json.push_back(
            {{"name", dataset.name}, {"spec", to_json(dataset.spec)}, {"row_bytes", row_bytes}, {"offset", offset}});
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<io::PlacedDataset> decode_placed_datasets(std::string const& text)
{
    std::vector<io::PlacedDataset> datasets;
    for (auto const& json : Json::parse(text))
        datasets.push_back({{json.at("name").get<std::string>(), spec_from(json.at("spec"))},
                            json.at("row_bytes").get<std::uint64_t>(),
                            json.at("offset").get<std::uint64_t>()});
    return datasets;
}

std::string encode(OutputFacts const& facts)
{
    return Json{
        {"rows", facts.rows}, {"threads", facts.threads}, {"batch", facts.batch}, {"datasets", encode(facts.datasets)}}
        .dump();
}

OutputFacts decode_output_facts(std::string const& text)
{
    try {
        auto const json = Json::parse(text);
        return {.rows = json.at("rows").get<std::uint64_t>(),
                .threads = json.at("threads").get<int>(),
                .batch = json.value("batch", std::uint64_t{0}),
                .datasets = decode_placed_datasets(json.at("datasets").get<std::string>())};
    } catch (nlohmann::json::exception const& error) {
        refuse_facts(error.what());
    } catch (InternalError const& error) {
        refuse_facts(error.what());
    }
}

std::string encode(std::vector<RowRange> const& ranges)
{
    Json json = Json::array();
    for (auto const& range : ranges) json.push_back({range.begin, range.end});
    return json.dump();
}

std::vector<RowRange> decode_ranges(std::string const& text)
{
    std::vector<RowRange> ranges;
    for (auto const& json : Json::parse(text))
        ranges.push_back({json.at(0).get<std::uint64_t>(), json.at(1).get<std::uint64_t>()});
    return ranges;
}

std::string encode(plan::RankCores const& cores)
{
    return nlohmann::json{{"host", cores.host}, {"cores", cores.cores}}.dump();
}

plan::RankCores decode_rank_cores(std::string const& text)
{
    auto const json = nlohmann::json::parse(text);
    return {json.at("host").get<std::string>(), json.at("cores").get<std::vector<int>>()};
}

int rank_on_node(std::vector<plan::RankCores> const& ranks, int rank)
{
    auto const& host = ranks.at(narrow<std::size_t>(rank)).host;
    return narrow<int>(
        std::count_if(ranks.begin(), ranks.begin() + rank, [&](auto const& other) { return other.host == host; }));
}

} // namespace distinfer::app
