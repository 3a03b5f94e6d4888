#include "distinfer/app/setup.hpp"

#include "distinfer/app/agree.hpp"
#include "distinfer/app/batch_memory.hpp"
#include "distinfer/app/paths.hpp"
#include "distinfer/app/place.hpp"
#include "distinfer/app/probe.hpp"
#include "distinfer/app/share.hpp"
#include "distinfer/app/supported.hpp"
#include "distinfer/app/time_limit.hpp"
#include "distinfer/comm/launcher.hpp"
#include "distinfer/config/load.hpp"
#include "distinfer/core/check.hpp"
#include "distinfer/core/log.hpp"
#include "distinfer/core/narrow.hpp"
#include "distinfer/core/stopwatch.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/file_list.hpp"
#include "distinfer/io/hdf5_read.hpp"
#include "distinfer/io/sha256.hpp"
#include "distinfer/io/trial.hpp"
#include "distinfer/plan/threads.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace distinfer::app
{

namespace
{

/// The least number of rows that is whole chunks of every dataset of a file; 1 where that is no sensible number.
std::uint64_t rows_stored_together(io::FileFacts const& file)
{
    std::uint64_t rows = 1;
    for (auto const& form : file.forms)
        if (form.in_chunks() && form.chunk.front() <= file.rows && rows <= file.rows)
            rows = checked_product(rows / std::gcd(rows, form.chunk.front()), form.chunk.front()).value_or(UINT64_MAX);
    return rows <= file.rows ? rows : 1;
}

/// Whether files have the same rows in the same form; their names may differ, since not every name can be sent.
bool hold_the_same(std::vector<io::FileFacts> const& a, std::vector<io::FileFacts> const& b)
{
    return std::ranges::equal(a, b,
                              [](auto const& x, auto const& y) { return x.rows == y.rows && x.forms == y.forms; });
}

void check_threads(int threads, plan::RankPlace const& root)
{
    constexpr int most = 1024; // the OpenMP library ends the process without a word where the system has no more
    if (threads > most)
        throw ConfigError("run.threads is " + std::to_string(threads), "a rank takes at most " + std::to_string(most),
                          "use auto, or the cores that a rank may use");
    if (std::cmp_greater(threads, root.cores.size()))
        log::warning("run.threads is " + std::to_string(threads) + ", and rank 0 may use " +
                     std::to_string(root.cores.size()) + " cores; see mpirun --bind-to, or srun --cpus-per-task");
}

std::vector<std::uint64_t> row_bytes_of(PayloadLayout const& layout)
{
    std::vector<std::uint64_t> bytes;
    for (std::size_t i = 0; i < layout.tensors(); ++i) bytes.push_back(layout.row_bytes(i));
    return bytes;
}

std::vector<std::string> names_of(std::vector<NamedTensor> const& outputs)
{
    std::vector<std::string> names;
    for (auto const& output : outputs) names.push_back(output.name);
    return names;
}

/// A window grows to hold a chunk, but not beyond this (plan/window_plan).
io::ChunkLimits chunk_limits(config::Config const& config, int ranks)
{
    return {.bytes = checked_product(config.run.window, plan::largest_growth).value_or(UINT64_MAX),
            .shares = ranks > 1 ? narrow<std::uint64_t>(ranks) : 0};
}

io::External external_of(config::Config const& config)
{
    return config.input.allow_external ? io::External::follow : io::External::refuse;
}

io::Trial trial_of(config::Config const& config, std::vector<std::string> const& files,
                   std::vector<std::string> const& datasets, int ranks)
{
    return {.files = files,
            .datasets = datasets,
            .passthrough = config.output.passthrough,
            .plugin_folder = config.input.plugin_path,
            .limits = chunk_limits(config, ranks),
            .external = external_of(config)};
}

std::vector<std::string> datasets_of(config::Config const& config)
{
    std::vector<std::string> datasets;
    for (auto const& input : config.model.inputs)
        if (!input.constant) datasets.push_back(input.dataset);
    return datasets;
}

} // namespace

Setup::Setup(comm::Communicator& communicator, report::RunReport& report, Takeover& takeover)
    : communicator_(communicator), report_(report), takeover_(takeover)
{}

void Setup::load_config(config::Action const& action)
{
    retry_bad_ = action.retry_bad && !takeover_.was_ending;
    agree(communicator_, [&] {
        if (!takeover_.again) comm::check_launch(comm::process_environment, communicator_.size());
    });
    agree_on_root(communicator_, [&] {
        auto loaded = config::load_file(action.config_path, action.overrides, config::process_environment());
        config_ = std::move(loaded.config);
        report_.config_origins = std::move(loaded.origins);
        report_.config_text = config::dump(config_);
    });
    auto const text = broadcast_text(communicator_, report_.config_text);
    if (!communicator_.is_root()) config_ = config::load_text(text, action.config_path, "");
    agree_on_root(communicator_, [&] {
        check_supported(config_);
        if (retry_bad_ && config_.run.resume == config::Resume::never)
            throw ConfigError("--retry-bad has nothing to go on with", "run.resume is never", "leave out one of them");
        check_time_limit(config_.run, config::process_environment());
        check_report_folder(config_.report.dir);
        check_no_overlap(config_, action.config_path);
        check_fault_tolerance();
    });
    takeover_.allowed = config_.run.fault_tolerance != config::FaultTolerance::none;
}

void Setup::check_fault_tolerance()
{
    if (config_.run.fault_tolerance == config::FaultTolerance::ulfm && !communicator_.survives_losses())
        throw LaunchError("run.fault_tolerance: ulfm cannot be had",
                          "the MPI library has no ULFM, or the launcher was not told to use it",
                          "start it with the mpirun of an Open MPI from 5.0 on and --with-ft ulfm, or use auto");
}

void Setup::place_ranks()
{
    auto const places = gather_places(communicator_, config_.run.device);
    takeover_.hosts.clear();
    for (auto const& place : places) takeover_.hosts.push_back(place.host);
    // A run that goes on rounds as its first attempt did, whatever it is given now.
    auto const usual = earlier_ ? earlier_->facts.threads : plan::threads_per_rank(places);
    report_.threads = std::stoi(broadcast_text(communicator_, std::to_string(config_.run.threads.value_or(usual))));
    agree_on_root(communicator_, [&] { check_threads(report_.threads, places.front()); });

    agree(communicator_, [&] { binding_ = plan::assign_devices(places, binding_options(config_.run)); });
    device_ = device_name(binding_, communicator_.rank());
    // A model on another device keeps the one core busy that feeds it.
    int const busy = device_ == "cpu" ? report_.threads : 1;
    decode_threads_ = plan::decode_threads(plan::core_shares(places).at(narrow<std::size_t>(communicator_.rank())),
                                           busy, config_.run.credits);
    report_.ranks = rank_reports(places, binding_);
    if (communicator_.is_root()) tell_places(places, binding_, comm::process_environment);
}

std::vector<std::byte> Setup::read_model()
{
    auto file = file::read_file(config_.model.path, ExitCode::model);
    report_.model_sha256 = io::sha256_hex(file);
    if (!config_.model.sha256.empty() && config_.model.sha256 != report_.model_sha256)
        throw ModelError(config_.model.path + " is not the file that the config names",
                         "its sha256 is " + report_.model_sha256 + ", model.sha256 says " + config_.model.sha256,
                         "get the right file, or change model.sha256");
    for (auto const& library : config_.model.libraries)
        libraries_sha256_ += io::sha256_hex(file::read_file(library, ExitCode::model));
    return file;
}

model::LoadOptions Setup::load_options() const
{
    return {.name = config_.model.path,
            .method = config_.model.method,
            .grad = config_.model.grad,
            .device = device_,
            .threads = report_.threads,
            .precision = config_.model.precision,
            .autocast = config_.model.autocast,
            .channels_last = config_.model.channels_last,
            .libraries = config_.model.libraries};
}

void Setup::load_model()
{
    std::vector<std::byte> read;
    agree_on_root(communicator_, [&] { read = read_model(); });
    Stopwatch const sending;
    auto file = share(communicator_, std::move(read));
    report_.model_load = {.bytes = file.get().size(), .copies = file.copies(), .send_seconds = sending.seconds()};
    Stopwatch const loading;
    agree(communicator_, [&] {
        loaded_ = model::load_model(file.get(), load_options());
        report_.model_format = loaded_->format();
        if (!config_.model.inputs.empty()) return;
        for (auto const& name : loaded_->input_names()) config_.model.inputs.push_back({.dataset = "/" + name});
        if (config_.model.inputs.empty())
            throw ConfigError("model.inputs is missing", config_.model.path + " does not name its inputs",
                              "list a dataset for each argument of the model");
    });
    report_.model_load.load_seconds = loading.seconds();
    if (communicator_.is_root() && (!config_.run.batch || reduces_precision())) model_file_ = std::move(file);
}

void Setup::open_input()
{
    auto const datasets = datasets_of(config_);
    auto const external = external_of(config_);
    std::vector<std::string> files;
    auto const open = [&] {
        if (!config_.input.plugin_path.empty()) io::add_plugin_folder(config_.input.plugin_path);
        source_ =
            std::make_unique<io::JoinedSource>(files, datasets, chunk_limits(config_, communicator_.size()), external);
    };
    // Root first: what is wrong with the files is then found and said once, whoever reads them later.
    std::vector<io::FileFacts> facts;
    agree_on_root(communicator_, [&] {
        if (datasets.empty())
            throw ConfigError("model.inputs names no dataset", "every input is a constant", "give one a dataset");
        files = io::expand_files(config_.input.files);
        watch_.emplace(files);
        io::run_trial_apart(io::trial_program(), trial_of(config_, files, datasets, communicator_.size()));
        open();
        watch_->add(source_->files_behind());
        facts = source_->facts();
        require_batch_fits(datasets, facts.front().specs(),
                           std::min(std::max<std::uint64_t>(source_->rows(), 1), config_.run.batch.value_or(1)),
                           machine_memory());
        passthrough_ = io::check_passthrough(files, io::rows_of(facts), config_.output.passthrough, external);
    });
    facts = decode_file_facts(broadcast_text(communicator_, encode(facts)));
    agree(communicator_, [&] {
        if (!communicator_.is_root() && reads_here()) {
            files = io::expand_files(config_.input.files);
            open();
        }
        if (reads_here() && !hold_the_same(source_->facts(), facts))
            throw InputError("ranks see different input files", files.front() + " or another is not the same here",
                             "put them on a file system that all hosts share, or use input.read: scatter");
        decoder_ = std::make_unique<io::WindowDecoder>(facts);
    });
    facts_ = facts;
    inputs_ = facts.front().specs();
    chunk_rows_ = rows_stored_together(facts.front());
    for (auto const& file : facts) report_.rows += file.rows;
    for (std::size_t i = 0; i < datasets.size(); ++i) report_.inputs.push_back({datasets[i], inputs_.at(i)});
}

bool Setup::reads_here() const
{
    return communicator_.is_root() || config_.input.read == config::ReadMode::direct;
}

bool Setup::writes_here() const
{
    return communicator_.is_root() || config_.output.write == config::WriteMode::direct;
}

std::unique_ptr<Model> Setup::bind(model::LoadedModel& model, std::uint64_t batch_rows, bool stateful) const
{
    return model.bind({.inputs = config_.model.inputs,
                       .specs = inputs_,
                       .outputs = config_.model.outputs,
                       .batch_rows = batch_rows,
                       .stateful = stateful});
}

void Setup::bind_model()
{
    agree(communicator_, [&] {
        model_ = std::make_unique<pipeline::HalvingModel>(bind(*loaded_, report_.batch, config_.model.stateful),
                                                          PayloadLayout{inputs_});
        loaded_.reset();
    });
}

std::vector<std::byte> Setup::read_rows(RowRange rows)
{
    std::vector<std::byte> wire(source_->wire_bytes(rows));
    source_->fetch(rows, wire);
    std::vector<std::byte> batch(PayloadLayout{inputs_}.bytes(rows.size()));
    decoder_->decode(rows, wire, batch);
    return batch;
}

/// The first batch, on root; zeros where the dataset has no rows, since the outputs' shapes are needed all the same.
std::vector<std::byte> Setup::probing_batch(PayloadLayout const& inputs, std::uint64_t rows)
{
    if (report_.rows == 0) return std::vector<std::byte>(inputs.bytes(rows));
    auto first = read_rows({0, rows});
    if (config_.run.on_bad_row == config::OnBadRow::fail) return first;
    return batch_that_works(*model_, inputs, std::move(first), rows, report_.rows,
                            [&](RowRange some) { return read_rows(some); });
}

void Setup::probe_model()
{
    PayloadLayout const inputs{inputs_};
    std::uint64_t const rows = std::min(std::max<std::uint64_t>(report_.rows, 1), report_.batch);
    std::vector<std::byte> batch;
    agree_on_root(communicator_, [&] { batch = probing_batch(inputs, rows); });
    communicator_.broadcast(batch, 0);
    auto const name = [&](RowRange some) { return report_.rows == 0 ? "zeros" : io::name_rows(facts_, some); };
    agree(communicator_, [&] { report_.outputs = probe(*model_, inputs, {0, rows}, batch, name); });
    plan(inputs);
}

void Setup::plan(PayloadLayout inputs)
{
    PayloadLayout outputs{specs_of(report_.outputs)};
    bool const writes_together = config_.output.write == config::WriteMode::direct;
    auto const windows =
        plan::plan_windows({report_.rows, report_.batch},
                           {.window_bytes = config_.run.window,
                            .row_bytes = std::max(inputs.bytes_per_row(), outputs.bytes_per_row()),
                            .chunk_rows = chunk_rows_,
                            .page_rows = writes_together ? plan::rows_in_whole_pages(row_bytes_of(outputs)) : 1,
                            .ranks = communicator_.size()},
                           rows_left());
    // More slots than windows hold nothing.
    auto const slots = std::min<std::uint64_t>(narrow<std::uint64_t>(config_.run.credits), windows.windows()) + 1;
    bool const dynamic = config_.run.schedule == config::Schedule::dynamic;
    job_.emplace(pipeline::Job{.windows = windows,
                               .inputs = std::move(inputs),
                               .outputs = std::move(outputs),
                               .schedule = dynamic ? plan::Schedule::dynamic : plan::Schedule::static_blocks,
                               .slots = narrow<int>(slots),
                               .direct_read = config_.input.read == config::ReadMode::direct,
                               .direct_write = writes_together,
                               .commit_interval = config_.run.commit_interval,
                               .drain = config_.run.drain,
                               .stall_timeout = config_.run.stall_timeout,
                               .skip_bad_rows = config_.run.on_bad_row == config::OnBadRow::skip,
                               .refuse_nonfinite = config_.run.refuse_nonfinite,
                               .output_names = names_of(report_.outputs),
                               .name_rows = [facts = facts_](RowRange rows) { return io::name_rows(facts, rows); }});
    report_.rows_resumed = report_.rows - windows.rows();
    report_.windows = windows.windows();
    report_.window_rows = windows.largest_window_rows();
}

pipeline::Parts Setup::parts(InterruptSource& interrupts)
{
    return {.decoder = *decoder_,
            .model = *model_,
            .source = source_.get(),
            .sink = sink_ ? &*sink_ : nullptr,
            .decode_threads = decode_threads_,
            .journal = output_run_ ? &*output_run_ : nullptr,
            .interrupts = &interrupts,
            .lost_before = output_run_ ? output_run_->losses() : std::vector<RowRange>{}};
}

} // namespace distinfer::app
