#include "distinfer/app/facts.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace distinfer::app
{

std::string encode(InputFacts const& facts)
{
    nlohmann::json tensors = nlohmann::json::array();
    for (auto const& spec : facts.tensors)
        tensors.push_back({{"dtype", name_of(spec.dtype)}, {"row_shape", spec.row_shape}});
    return nlohmann::json{{"rows", facts.rows}, {"tensors", tensors}}.dump();
}

InputFacts decode_input_facts(std::string const& text)
{
    auto const json = nlohmann::json::parse(text);
    InputFacts facts{.rows = json.at("rows").get<std::uint64_t>()};
    for (auto const& tensor : json.at("tensors")) {
        auto const dtype = parse_dtype(tensor.at("dtype").get<std::string>());
        expects(dtype.has_value(), "a dtype that root knows too");
        facts.tensors.push_back({*dtype, tensor.at("row_shape").get<std::vector<std::int64_t>>()});
    }
    return facts;
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
