#include "package_spec.hpp"

#include "distinfer/core/error.hpp"

#include <nlohmann/json.hpp>

namespace distinfer::model
{

namespace
{

NamedTensor read_tensor(nlohmann::json const& json)
{
    auto const dtype = parse_dtype(json.at("dtype").get<std::string>());
    if (!dtype) throw ModelError("unknown dtype " + json.at("dtype").dump());
    return {json.at("name").get<std::string>(), {*dtype, json.at("row_shape").get<std::vector<std::int64_t>>()}};
}

/// Whether a row has the compiled shape; -1 stands for an axis that was left open.
bool shapes_agree(std::vector<std::int64_t> const& compiled, std::vector<std::int64_t> const& given)
{
    if (compiled.size() != given.size()) return false;
    for (std::size_t i = 0; i < given.size(); ++i)
        if (compiled[i] >= 0 && compiled[i] != given[i]) return false;
    return true;
}

void check_batch(PackageSpec const& spec, std::uint64_t batch, std::string const& package)
{
    auto const least = std::to_string(spec.least_batch);
    auto const given = "run.batch is " + std::to_string(batch);
    if (spec.largest_batch == spec.least_batch && batch != spec.least_batch)
        throw ConfigError(package + " was compiled for batches of " + least + " rows", given,
                          "set run.batch: " + least + ", or export the model with --batch min:max");
    if (batch < spec.least_batch || (spec.largest_batch && batch > *spec.largest_batch))
        throw ConfigError(package + " was compiled for batches of " + least + " to " +
                              (spec.largest_batch ? std::to_string(*spec.largest_batch) : "any number of") + " rows",
                          given, "choose run.batch between them");
}

} // namespace

PackageSpec parse_package_spec(std::string const& text, std::string const& package)
{
    try {
        auto const json = nlohmann::json::parse(text);
        PackageSpec spec;
        for (auto const& input : json.at("inputs")) spec.inputs.push_back(read_tensor(input));
        for (auto const& output : json.at("outputs")) spec.outputs.push_back(output.at("name").get<std::string>());
        spec.least_batch = json.at("batch").at("min").get<std::uint64_t>();
        if (auto const& largest = json.at("batch").at("max"); !largest.is_null())
            spec.largest_batch = largest.get<std::uint64_t>();
        return spec;
    } catch (std::exception const& error) {
        throw ModelError(package + " has a broken distinfer.spec entry in its metadata", error.what(),
                         "export it again with tools/export_model.py");
    }
}

void check_package(PackageSpec const& spec, std::vector<TensorSpec> const& inputs, std::uint64_t batch_rows,
                   std::string const& package)
{
    if (inputs.size() != spec.inputs.size())
        throw ModelError(package + " takes " + std::to_string(spec.inputs.size()) + " inputs, the config gives " +
                             std::to_string(inputs.size()),
                         {}, "list one entry for each argument in model.inputs");
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        auto const& [name, compiled] = spec.inputs[i];
        if (compiled.dtype != inputs[i].dtype)
            throw ModelError(package + " was compiled for " + to_string(compiled) + " as input '" + name + "'",
                             "it would get " + to_string(inputs[i]),
                             "set dtype: " + std::string{name_of(compiled.dtype)} + " in model.inputs");
        if (!shapes_agree(compiled.row_shape, inputs[i].row_shape))
            throw ModelError(package + " was compiled for " + to_string(compiled) + " as input '" + name + "'",
                             "it would get " + to_string(inputs[i]), "export the model for the shape of the data");
    }
    check_batch(spec, batch_rows, package);
}

} // namespace distinfer::model
