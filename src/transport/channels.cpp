#include "channels.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/narrow.hpp"
#include "first_line.hpp"

namespace distinfer::transport
{

ChannelTransport::ChannelTransport(std::unique_ptr<Link> link, std::vector<std::string> names, bool survives)
    : link_(std::move(link)), names_(std::move(names)), survives_(survives)
{}

ChannelTransport::~ChannelTransport()
{
    // At the good end of a job there is nothing to abort.
    if (transfers_.empty())
        close_channels();
    else
        ChannelTransport::cancel();
}

comm::Transport::Ticket ChannelTransport::send(int to, std::span<std::byte const> bytes)
{
    return begin(to, Direction::out, [this, to, bytes] { link_->send(to, bytes); });
}

comm::Transport::Ticket ChannelTransport::receive(int from, std::span<std::byte> bytes)
{
    return begin(from, Direction::in, [this, from, bytes] { link_->receive(from, bytes); });
}

comm::Transport::Ticket ChannelTransport::begin(int other, Direction direction, std::function<void()> move)
{
    auto const ticket = next_ticket_++;
    {
        std::lock_guard const lock{mutex_};
        transfers_.emplace(ticket, Transfer{.other = other, .why = {}});
    }
    auto& channel = channels_[{other, direction}];
    channel.queue.push({ticket, std::move(move)});
    if (!channel.thread.joinable()) channel.thread = std::jthread{[this, &channel] { serve(channel); }};
    return ticket;
}

void ChannelTransport::serve(Channel& channel)
{
    while (auto const work = channel.queue.pop()) {
        try {
            work->move();
            end(work->ticket, Progress::done, {});
        } catch (std::exception const& error) {
            end(work->ticket, Progress::lost, first_line(error.what()));
        }
    }
}

void ChannelTransport::end(Ticket ticket, Progress how, std::string why)
{
    std::lock_guard const lock{mutex_};
    auto& transfer = transfers_.at(ticket);
    transfer.progress = how;
    transfer.why = std::move(why);
}

comm::Transport::Progress ChannelTransport::progress(Ticket ticket)
{
    std::lock_guard const lock{mutex_};
    auto const found = transfers_.find(ticket);
    expects(found != transfers_.end(), "a ticket of a transfer that is not over");
    auto const [other, how, why] = found->second;
    if (how == Progress::moving) return how;
    transfers_.erase(found);
    if (how == Progress::lost && !survives_)
        throw LaunchError(names_.at(narrow<std::size_t>(other)) + " cannot be reached any more", why,
                          "see whether it or its host was lost, and run it again to go on");
    return how;
}

void ChannelTransport::cancel() noexcept
{
    link_->abort();
    close_channels();
    transfers_.clear();
}

void ChannelTransport::close_channels() noexcept
{
    for (auto& [key, channel] : channels_) channel.queue.close();
    channels_.clear();
}

} // namespace distinfer::transport
