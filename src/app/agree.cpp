#include "distinfer/app/agree.hpp"

#include "distinfer/device/host.hpp"
#include "distinfer/pipeline/failure.hpp"

#include <charconv>
#include <optional>
#include <span>

namespace distinfer::app
{

namespace
{

/// "3 cannot open ...", or nothing where all is well.
std::string encode(std::optional<pipeline::Failure> const& failure)
{
    if (!failure) return {};
    return std::to_string(static_cast<int>(failure->code)) + " " + failure->message;
}

pipeline::Failure decode(std::string const& text)
{
    int code = 0;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    return {static_cast<ExitCode>(code), std::string{rest + 1, text.data() + text.size()}};
}

std::optional<pipeline::Failure> failure_in(std::function<void()> const& phase, comm::Communicator const& communicator)
{
    try {
        phase();
        return std::nullopt;
    } catch (std::exception const&) {
        auto failure = pipeline::failure_of(std::current_exception());
        if (!communicator.is_root())
            failure.message.append(" [rank " + std::to_string(communicator.rank()) + " on " + device::host_name() +
                                   "]");
        return failure;
    }
}

} // namespace

void agree(comm::Communicator& communicator, std::function<void()> const& phase)
{
    for (auto const& text : communicator.allgather(encode(failure_in(phase, communicator)))) {
        if (text.empty()) continue;
        auto const failure = decode(text);
        throw AgreedError(failure.code, failure.message);
    }
}

void agree_on_root(comm::Communicator& communicator, std::function<void()> const& phase)
{
    agree(communicator, [&] {
        if (communicator.is_root()) phase();
    });
}

std::string broadcast_text(comm::Communicator& communicator, std::string text)
{
    auto const view = std::as_bytes(std::span{text});
    std::vector<std::byte> bytes{view.begin(), view.end()};
    communicator.broadcast(bytes, 0);
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

} // namespace distinfer::app
