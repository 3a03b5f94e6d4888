#include "flatten.hpp"

#include "distinfer/core/error.hpp"

namespace distinfer::model
{

namespace
{

std::string join(std::string const& prefix, std::string const& name)
{
    return prefix.empty() ? name : prefix + "_" + name;
}

void collect(c10::IValue const& value, std::string const& name, std::vector<NamedResult>& results);

template <class Elements>
void collect_sequence(Elements const& elements, std::string const& name, std::vector<NamedResult>& results)
{
    std::size_t index = 0;
    for (auto const& element : elements)
        collect(element, join(name.empty() ? "output" : name, std::to_string(index++)), results);
}

std::string key_of(c10::IValue const& key)
{
    if (key.isString()) return key.toStringRef();
    if (key.isInt()) return std::to_string(key.toInt());
    throw ModelError("the model gives a dict whose keys are neither text nor integers", "keys name the datasets",
                     "return a dict of text keys, or a tuple");
}

void collect(c10::IValue const& value, std::string const& name, std::vector<NamedResult>& results)
{
    if (value.isTensor()) {
        results.push_back({name.empty() ? "output" : name, value.toTensor()});
    } else if (value.isTuple()) {
        collect_sequence(value.toTupleRef().elements(), name, results);
    } else if (value.isTensorList()) {
        collect_sequence(value.toTensorVector(), name, results);
    } else if (value.isList()) {
        collect_sequence(value.toListRef(), name, results);
    } else if (value.isGenericDict()) {
        for (auto const& entry : value.toGenericDict())
            collect(entry.value(), join(name, key_of(entry.key())), results);
    } else {
        throw ModelError("the model gives a " + value.tagKind() + " where a tensor is needed",
                         "result '" + name + "' cannot be stored", "return tensors only");
    }
}

} // namespace

std::vector<NamedResult> flatten(c10::IValue const& result)
{
    std::vector<NamedResult> results;
    collect(result, "", results);
    return results;
}

} // namespace distinfer::model
