#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/pipeline/root_loop.hpp"
#include "scaling/rates.hpp"

#include <cstdlib>
#include <deque>

namespace distinfer::scaling
{

namespace
{

/// All ranks but root: a window has run as soon as it is assigned.
class PromptRanks : public comm::Communicator
{
  public:
    explicit PromptRanks(int ranks) : ranks_(ranks) {}

    int rank() const override { return 0; }
    int size() const override { return ranks_; }
    std::vector<int> const& node() const override { return node_; }
    void broadcast(std::vector<std::byte>&, int) override { expects(false, "no collective"); }
    void broadcast_to_leaders(std::span<std::byte>) override { expects(false, "no collective"); }
    std::vector<std::string> allgather(std::string const& text) override { return {text}; }
    [[noreturn]] void abort(int) override { std::abort(); }

    void send(int to, std::string body) override
    {
        auto const note = pipeline::decode(body);
        if (note.kind != pipeline::Note::Kind::assign) return;
        results_.push_back(
            {to, pipeline::encode({.kind = pipeline::Note::Kind::result, .window = note.window, .bytes = 1})});
    }

    std::optional<comm::Message> poll() override
    {
        if (results_.empty()) return std::nullopt;
        auto message = std::move(results_.front());
        results_.pop_front();
        return message;
    }

  private:
    int ranks_;
    std::vector<int> node_{0};
    std::deque<comm::Message> results_;
};

/// Transfers are over as soon as they begin.
class PromptTransport : public comm::Transport
{
  public:
    Ticket send(int, std::span<std::byte const>) override { return 0; }
    Ticket receive(int, std::span<std::byte>) override { return 0; }
    Progress progress(Ticket) override { return Progress::done; }
};

/// Source, decoder, model and sink that do nothing to rows of one byte.
class NoWork : public Source, public Decoder, public Model, public Sink
{
  public:
    explicit NoWork(std::uint64_t rows) : rows_(rows) {}

    std::uint64_t rows() const override { return rows_; }
    PayloadLayout const& layout() const override { return layout_; }
    std::uint64_t wire_bytes(RowRange rows) override { return rows.size(); }
    void fetch(RowRange, std::span<std::byte>) override {}
    bool needed() const override { return false; }
    void decode(RowRange, std::span<std::byte const>, std::span<std::byte>) override {}
    std::vector<NamedTensor> probe(std::uint64_t, std::span<std::byte const* const>) override { return {}; }
    void run(std::uint64_t, std::span<std::byte const* const>, std::span<std::byte* const>) override {}
    void store(RowRange, std::span<std::byte const>) override {}
    void sync() override {}

  private:
    std::uint64_t rows_;
    PayloadLayout layout_{{{DType::uint8, {}}}};
};

} // namespace

double root_rate(int ranks, std::uint64_t windows, bool direct)
{
    NoWork no_work{windows};
    pipeline::Job const job{.windows = {{windows, 1}, 1},
                            .inputs = no_work.layout(),
                            .outputs = no_work.layout(),
                            .direct_read = direct,
                            .direct_write = direct};
    PromptRanks communicator{ranks};
    PromptTransport transport;
    pipeline::Parts const parts{.decoder = no_work, .model = no_work, .source = &no_work, .sink = &no_work};
    std::uint64_t stored = 0;
    pipeline::RootLoop loop{job, communicator, transport, parts, [&](std::uint64_t rows) { stored += rows; }};
    Stopwatch const watch;
    auto const ending = loop.run();
    double const seconds = watch.seconds();
    expects(!ending.failure && stored == windows, "every window to be stored once");
    return static_cast<double>(windows) / seconds;
}

} // namespace distinfer::scaling
