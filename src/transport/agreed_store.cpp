#include "agreed_store.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"

#include <string_view>

namespace distinfer::transport
{

namespace
{

constexpr auto failure = "failure"; ///< a key that no rendezvous uses

/// "3:key5:value", for each.
std::string encode(std::map<std::string, std::string> const& values)
{
    std::string text;
    for (auto const& [key, value] : values)
        for (auto const* part : {&key, &value}) text += std::to_string(part->size()) + ":" + *part;
    return text;
}

std::string take_part(std::string_view& text)
{
    auto const colon = text.find(':');
    auto const size = narrow<std::size_t>(std::stoull(std::string{text.substr(0, colon)}));
    std::string part{text.substr(colon + 1, size)};
    text.remove_prefix(colon + 1 + size);
    return part;
}

void decode(std::string_view text, std::map<std::string, std::string>& values)
{
    while (!text.empty()) {
        auto key = take_part(text);
        values.insert_or_assign(std::move(key), take_part(text));
    }
}

[[noreturn]] void refuse(std::string const& what)
{
    throw InternalError("internal error: gloo's rendezvous wants a store that can " + what,
                        "this LibTorch's gloo is another than the one that was tried", "use run.transport: mpi");
}

} // namespace

void AgreedStore::fail(std::string const& why)
{
    if (!met_) values_.insert_or_assign(failure, why);
    meet();
}

void AgreedStore::meet()
{
    if (std::exchange(met_, true)) return;
    for (auto const& text : communicator_.allgather(encode(values_))) decode(text, values_);
}

void AgreedStore::set(std::string const& key, std::vector<std::uint8_t> const& value)
{
    if (met_) refuse("set after the first get");
    values_.insert_or_assign(key, std::string{value.begin(), value.end()});
}

std::vector<std::uint8_t> AgreedStore::get(std::string const& key)
{
    wait({key});
    auto const& value = values_.at(key);
    return {value.begin(), value.end()};
}

void AgreedStore::wait(std::vector<std::string> const& keys)
{
    meet();
    if (values_.contains(failure)) throw LaunchError("a rank has failed", values_.at(failure));
    if (!check(keys)) refuse("wait for what a rank sets later");
}

void AgreedStore::wait(std::vector<std::string> const& keys, std::chrono::milliseconds const&)
{
    wait(keys);
}

bool AgreedStore::check(std::vector<std::string> const& keys)
{
    for (auto const& key : keys)
        if (!values_.contains(key)) return false;
    return true;
}

c10::intrusive_ptr<c10d::Store> AgreedStore::clone()
{
    refuse("be cloned");
}

std::int64_t AgreedStore::add(std::string const&, std::int64_t)
{
    refuse("count");
}

bool AgreedStore::deleteKey(std::string const&)
{
    refuse("delete");
}

std::int64_t AgreedStore::getNumKeys()
{
    refuse("count keys");
}

} // namespace distinfer::transport
