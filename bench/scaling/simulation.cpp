#include "scaling/simulation.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/pipeline/room.hpp"
#include "scaling/event_queue.hpp"
#include "scaling/network.hpp"

#include <deque>

namespace distinfer::scaling
{

namespace
{

constexpr int root = 0;

/// A thread of a rank with its queue, as pipeline::Stage.
struct Stage
{
    std::deque<std::uint64_t> tasks;
    bool busy = false;

    /// The next task, where the thread is free and there is one.
    bool ready() const { return !busy && !tasks.empty(); }

    std::uint64_t begin()
    {
        auto const window = tasks.front();
        tasks.pop_front();
        busy = true;
        return window;
    }
};

/// A rank's threads and free buffers.
struct Rank
{
    MainThread main;
    double slowness;
    pipeline::Room free;
    Stage fetch;
    Stage infer;
    Stage store;

    /// The stage's thread is free again, and gives the buffer back that its input was in; after a message nothing is.
    void end_stage(What what)
    {
        if (what == What::fetched) fetch.busy = false;
        if (what == What::inferred) {
            infer.busy = false;
            ++free.inputs;
        }
        if (what == What::stored) {
            store.busy = false;
            ++free.outputs;
        }
    }
};

/// Something that happens at a rank: an item for its main thread, or a look of that thread.
struct Event
{
    int rank = 0;
    bool look = false;
    Item item;
};

class Simulation
{
  public:
    Simulation(Case const& job, Observer const& observer);

    Outcome run();

  private:
    void happen(Event event);
    void look(int rank);
    void act_as_root(Item item);
    void act_as_rank(int rank, Item item);

    void assign();
    void receive_announced();
    void compute_at_root(std::uint64_t window);
    void scatter(std::uint64_t window);
    void run_note(int rank, std::uint64_t window);
    void result_note(int rank, std::uint64_t window);

    void begin_fetch(int rank);
    void begin_infer(int rank);
    void begin_store(int rank);

    void tell(int from, int to, Item item);
    void transfer(int from, int to, std::uint64_t window, double bytes);
    double bytes_in(std::uint64_t window) const;
    double bytes_out(std::uint64_t window) const;
    Rank& at(int rank) { return ranks_[narrow<std::size_t>(rank)]; }
    int owner(std::uint64_t window) const { return owners_[window]; }
    Outcome outcome() const;

    Case job_;
    Observer const& observer_;
    plan::WindowPlan windows_;
    plan::Dispatcher dispatcher_;
    ModelTimes times_;
    Network network_;
    EventQueue<Event> events_;
    std::vector<Rank> ranks_;
    std::vector<int> owners_;             ///< by window: the rank that runs it
    std::deque<std::uint64_t> announced_; ///< results that wait for a buffer of root
    std::uint64_t unstored_ = 0;
    double now_ = 0;
    double end_ = 0; ///< when root last did something
    double model_seconds_ = 0;
    double root_reading_ = 0;
};

Simulation::Simulation(Case const& job, Observer const& observer)
    : job_(job),
      observer_(observer),
      windows_(job.work.windows(job.ranks)),
      dispatcher_(windows_.windows(), job.ranks, job.slots, job.schedule),
      times_(job.work, windows_),
      network_(job.machine, job.ranks),
      owners_(windows_.windows(), root)
{
    for (int rank = 0; rank < job.ranks; ++rank)
        ranks_.push_back({.main = MainThread{job.machine.message},
                          .slowness = times_.slowness(rank),
                          .free = rank == root ? pipeline::root_room(job.slots) : pipeline::rank_room(job.slots),
                          .fetch = {},
                          .infer = {},
                          .store = {}});
}

Outcome Simulation::run()
{
    assign();
    while (!events_.empty()) {
        auto const [time, event] = events_.pop();
        now_ = time;
        if (event.look)
            look(event.rank);
        else
            happen(event);
    }
    expects(dispatcher_.done() && unstored_ == 0, "every window to be stored");
    return outcome();
}

/// A stage goes on by itself; the main thread takes the item up when it next looks.
void Simulation::happen(Event event)
{
    at(event.rank).end_stage(event.item.what);
    switch (event.item.what) {
    case What::fetched:
        begin_fetch(event.rank);
        break;
    case What::inferred:
        begin_fetch(event.rank);
        begin_infer(event.rank);
        break;
    case What::stored:
        begin_infer(event.rank);
        begin_store(event.rank);
        break;
    default:
        break;
    }
    if (auto const planned = at(event.rank).main.come(now_, event.item)) events_.push(*planned, {event.rank, true, {}});
}

void Simulation::look(int rank)
{
    auto const item = at(rank).main.look(now_);
    if (!item) return;
    if (observer_) observer_(now_, rank, *item);
    if (rank == root)
        act_as_root(*item);
    else
        act_as_rank(rank, *item);
    if (auto const planned = at(rank).main.look_again()) events_.push(*planned, {rank, true, {}});
}

/// As RootLoop::step.
void Simulation::act_as_root(Item item)
{
    auto& self = at(root);
    end_ = now_;
    switch (item.what) {
    case What::assign:
        expects(false, "a note that a rank sends");
        break;
    case What::result:
        dispatcher_.finished({item.window, owner(item.window)});
        if (job_.direct_write)
            --unstored_;
        else
            announced_.push_back(item.window);
        break;
    case What::fetched:
        if (owner(item.window) == root)
            compute_at_root(item.window);
        else
            scatter(item.window);
        break;
    case What::left:
        ++self.free.inputs;
        begin_fetch(root);
        break;
    case What::inferred:
        dispatcher_.finished({item.window, root});
        self.store.tasks.push_back(item.window);
        begin_store(root);
        break;
    case What::arrived:
        self.store.tasks.push_back(item.window);
        begin_store(root);
        break;
    case What::stored:
        --unstored_;
        break;
    }
    assign();
    receive_announced();
}

/// As RankLoop::step.
void Simulation::act_as_rank(int rank, Item item)
{
    auto& self = at(rank);
    switch (item.what) {
    case What::assign:
        run_note(rank, item.window);
        break;
    case What::fetched:
    case What::arrived:
        self.infer.tasks.push_back(item.window);
        begin_infer(rank);
        break;
    case What::inferred:
        if (!job_.direct_write) return result_note(rank, item.window);
        self.store.tasks.push_back(item.window);
        begin_store(rank);
        break;
    case What::stored:
        result_note(rank, item.window);
        break;
    case What::left:
        ++self.free.outputs;
        begin_infer(rank);
        break;
    case What::result:
        expects(false, "a note that root sends");
    }
}

void Simulation::assign()
{
    while (auto const assignment = dispatcher_.next()) {
        ++unstored_;
        owners_[assignment->window] = assignment->rank;
        if (job_.direct_read && assignment->rank != root)
            tell(root, assignment->rank, {What::assign, assignment->window});
        else
            at(root).fetch.tasks.push_back(assignment->window);
    }
    begin_fetch(root);
}

void Simulation::receive_announced()
{
    auto& free = at(root).free.outputs;
    while (!announced_.empty() && free > 0) {
        --free;
        auto const window = announced_.front();
        announced_.pop_front();
        at(root).main.work();
        transfer(owner(window), root, window, bytes_out(window));
    }
}

void Simulation::compute_at_root(std::uint64_t window)
{
    at(root).infer.tasks.push_back(window);
    begin_infer(root);
}

/// Announces the window and offers its bytes, which move when the rank receives them.
void Simulation::scatter(std::uint64_t window)
{
    tell(root, owner(window), {What::assign, window});
    at(root).main.work();
}

void Simulation::run_note(int rank, std::uint64_t window)
{
    auto& self = at(rank);
    if (job_.direct_read) {
        self.fetch.tasks.push_back(window);
        return begin_fetch(rank);
    }
    expects(self.free.inputs > 0, "a free buffer for a window that root assigned");
    --self.free.inputs;
    self.main.work();
    transfer(root, rank, window, bytes_in(window));
}

void Simulation::result_note(int rank, std::uint64_t window)
{
    tell(rank, root, {What::result, window});
    if (!job_.direct_write) at(rank).main.work();
}

/// A window is read only into a free input buffer.
void Simulation::begin_fetch(int rank)
{
    auto& self = at(rank);
    if (!self.fetch.ready() || self.free.inputs == 0) return;
    --self.free.inputs;
    auto const window = self.fetch.begin();
    double const end = network_.read(rank, now_, bytes_in(window));
    if (rank == root) root_reading_ += end - now_;
    events_.push(end, {rank, false, {What::fetched, window}});
}

/// A window enters the model only with a free output buffer.
void Simulation::begin_infer(int rank)
{
    auto& self = at(rank);
    if (!self.infer.ready() || self.free.outputs == 0) return;
    --self.free.outputs;
    auto const window = self.infer.begin();
    double const seconds = self.slowness * times_.seconds(window);
    model_seconds_ += seconds;
    events_.push(now_ + seconds, {rank, false, {What::inferred, window}});
}

void Simulation::begin_store(int rank)
{
    auto& self = at(rank);
    if (!self.store.ready()) return;
    auto const window = self.store.begin();
    events_.push(network_.write(rank, now_, bytes_out(window)), {rank, false, {What::stored, window}});
}

void Simulation::tell(int from, int to, Item item)
{
    double const sent = std::max(now_, at(from).main.work());
    events_.push(sent + job_.machine.latency, {to, false, item});
}

/// Begins when the receiver, at work now, has told the sender that it is ready.
void Simulation::transfer(int from, int to, std::uint64_t window, double bytes)
{
    double const end = network_.move(from, to, now_ + job_.machine.latency, bytes);
    events_.push(end, {to, false, {What::arrived, window}});
    events_.push(end, {from, false, {What::left, window}});
}

double Simulation::bytes_in(std::uint64_t window) const
{
    return static_cast<double>(windows_.window(window).size() * job_.work.row_in);
}

double Simulation::bytes_out(std::uint64_t window) const
{
    return static_cast<double>(windows_.window(window).size() * job_.work.row_out);
}

Outcome Simulation::outcome() const
{
    double const seconds = std::max(end_, std::numeric_limits<double>::min());
    return {.seconds = seconds,
            .windows = windows_.windows(),
            .rows_per_window = windows_.largest_window_rows(),
            .model_seconds = model_seconds_,
            .efficiency = model_seconds_ / (seconds * job_.ranks),
            .root_thread = ranks_.front().main.busy() / seconds,
            .root_reading = root_reading_ / seconds,
            .root_sending = network_.root_sending() / seconds,
            .root_receiving = network_.root_receiving() / seconds,
            .file_system = network_.file_system_busy() / seconds};
}

} // namespace

Outcome simulate(Case const& job, Observer const& observer)
{
    return Simulation(job, observer).run();
}

} // namespace distinfer::scaling
