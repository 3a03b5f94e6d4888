#pragma once

#include "distinfer/app/earlier_run.hpp"
#include "distinfer/app/facts.hpp"
#include "distinfer/app/input_watch.hpp"
#include "distinfer/app/output_run.hpp"
#include "distinfer/app/share.hpp"
#include "distinfer/app/takeover.hpp"
#include "distinfer/comm/communicator.hpp"
#include "distinfer/comm/transport.hpp"
#include "distinfer/config/cli.hpp"
#include "distinfer/config/config.hpp"
#include "distinfer/io/joined_source.hpp"
#include "distinfer/io/output_file.hpp"
#include "distinfer/io/output_lock.hpp"
#include "distinfer/io/passthrough.hpp"
#include "distinfer/io/window_decoder.hpp"
#include "distinfer/model/loaded_model.hpp"
#include "distinfer/pipeline/halving_model.hpp"
#include "distinfer/pipeline/job.hpp"
#include "distinfer/plan/binding.hpp"
#include "distinfer/report/run_report.hpp"

#include <memory>
#include <optional>

namespace distinfer::app
{

/// Everything up to the first window, step by step. Each step ends on all ranks alike: it succeeds, or every rank
/// throws the same error; so a bad config, file, model or launch is one message, and nothing has been written.
///
/// The steps are collective and come in the order in which they stand here. What they find out goes into the report.
class Setup
{
  public:
    /// @param takeover outlives it
    Setup(comm::Communicator& communicator, report::RunReport& report, Takeover& takeover);

    void load_config(config::Action const& action);
    void check_output_path();

    /// Whether an earlier run has put the output in its place, and was ended right then: nothing is left to do.
    bool is_complete() const noexcept { return complete_; }

    void place_ranks();

    /// @param of_mpi outlives it
    void choose_transport(comm::Transport& of_mpi);

    void load_model();
    void open_input();
    void choose_batch();
    void bind_model();
    void check_earlier_run();
    void probe_model();
    void compare_precision();
    void create_output();

    config::Config const& config() const { return config_; }
    pipeline::Job const& job() const { return *job_; }

    /// What carries the windows. @pre after choose_transport()
    comm::Transport& transport() const { return *transport_; }

    /// Source and sink are there on root, and on ranks that read or write themselves.
    /// @param interrupts which outlives the loops
    pipeline::Parts parts(InterruptSource& interrupts);

    /// Batches of this rank that memory did not hold whole.
    std::uint64_t batches_in_parts() const { return model_->halved(); }

    /// @pre on root, after create_output()
    OutputRun& output() { return *output_run_; }

  private:
    std::vector<std::byte> read_model();
    model::LoadOptions load_options() const;
    std::unique_ptr<Model> bind(model::LoadedModel& model, std::uint64_t batch_rows, bool stateful) const;
    void warn_of_precision();
    bool reduces_precision() const;
    std::uint64_t search_batch();
    std::uint64_t memory_of_rank() const;
    bool reads_here() const;
    bool writes_here() const;
    std::vector<std::byte> read_rows(RowRange rows);
    std::vector<std::byte> probing_batch(PayloadLayout const& inputs, std::uint64_t rows);
    void begin_output();
    void check_fault_tolerance();
    void look_for_earlier_run();
    void plan(PayloadLayout inputs);
    std::vector<RowRange> rows_left();

    comm::Communicator& communicator_;
    report::RunReport& report_;
    Takeover& takeover_;
    config::Config config_;
    plan::Binding binding_;
    std::string device_;                             ///< of this rank
    std::unique_ptr<comm::Transport> own_transport_; ///< where it is another than MPI
    comm::Transport* transport_ = nullptr;
    int decode_threads_ = 1;
    std::optional<SharedBytes> model_file_; ///< on root, while it may have to be loaded again
    std::string libraries_sha256_;          ///< on root, one behind the other
    std::unique_ptr<model::LoadedModel> loaded_;
    std::unique_ptr<pipeline::HalvingModel> model_;
    std::unique_ptr<io::JoinedSource> source_;
    std::unique_ptr<io::WindowDecoder> decoder_;
    io::Passthrough passthrough_;        ///< on root
    std::optional<io::OutputLock> lock_; ///< on root, as what is below to output_run_; outlives it
    std::optional<InputWatch> watch_;
    std::optional<EarlierRun> earlier_;
    ledger::Fingerprint fingerprint_;
    std::optional<OutputRun> output_run_;
    std::optional<io::OutputFile> output_; ///< on other ranks that write themselves
    bool complete_ = false;
    std::optional<io::OutputSink> sink_;
    std::vector<TensorSpec> inputs_;
    std::vector<io::FileFacts> facts_;
    bool retry_bad_ = false;
    std::uint64_t chunk_rows_ = 1; ///< rows that are stored together
    std::optional<pipeline::Job> job_;
};

} // namespace distinfer::app
