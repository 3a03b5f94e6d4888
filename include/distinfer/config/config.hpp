#pragma once

#include "distinfer/config/choices.hpp"
#include "distinfer/core/dtype.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a config says, as plain data. Paths work from the current folder, whatever file they were written in.
namespace distinfer::config
{

/// Where rows come from.
struct InputConfig
{
    std::vector<std::string> files;    ///< paths or globs, joined along axis 0; globs are still as written
    ReadMode read = ReadMode::scatter; ///< who reads the files
    bool allow_external = false;       ///< follow external storage and links out of the file's own folder
    std::string plugin_path;           ///< folder of HDF5 filter plugins; empty: none
    bool operator==(InputConfig const&) const = default;
};

/// One argument of the model: a dataset or a constant, never both.
struct ModelInputConfig
{
    using Constant = std::variant<std::int64_t, double, bool>;

    std::string dataset;              ///< empty where constant is set
    std::optional<Constant> constant; ///< a scalar argument, the same for every batch
    std::optional<DType> dtype;       ///< cast to, on the device; nothing: as stored
    double scale = 1.0;               ///< x * scale, then (x - mean) / std for each channel, on the device
    std::vector<double> mean;         ///< one value for each channel, or none
    std::vector<double> std;          ///< as many as mean, none of them zero
    bool operator==(ModelInputConfig const&) const = default;
};

/// What is done to a result before it is stored.
struct Transform
{
    TransformKind kind = TransformKind::none;
    int k = 0; ///< how many values topk keeps, 1 at least; 0 for every other kind
    bool operator==(Transform const&) const = default;
};

/// One result of the model.
struct ModelOutputConfig
{
    std::optional<std::string> dataset; ///< where it is stored; nothing drops it
    Transform transform;
    std::optional<DType> dtype; ///< stored as; nothing: as the model gives it
    bool operator==(ModelOutputConfig const&) const = default;
};

/// What runs.
struct ModelConfig
{
    std::string path;
    std::string sha256;             ///< 64 lower-case hex digits that the file must match; empty: not checked
    std::string method = "forward"; ///< of a TorchScript model
    Precision precision = Precision::float32;
    bool autocast = false;      ///< let the library pick the precision of each operation
    bool channels_last = false; ///< lay pictures and the weights of convolutions out with channels last
    Grad grad = Grad::inference;
    bool stateful = false;                  ///< a call may depend on those before it
    std::vector<std::string> libraries;     ///< paths of shared libraries that the model needs, loaded before it
    std::vector<ModelInputConfig> inputs;   ///< in the order of the model's arguments
    std::vector<ModelOutputConfig> outputs; ///< in the order of its results; empty: every result, under its own name
    bool operator==(ModelConfig const&) const = default;
};

/// Where results go.
struct OutputConfig
{
    std::string file;
    WriteMode write = WriteMode::gather;
    std::vector<std::string> passthrough; ///< input datasets copied beside the outputs
    IfExists if_exists = IfExists::fail;
    bool operator==(OutputConfig const&) const = default;
};

/// No limit, the end of the SLURM job, or a number of seconds.
struct TimeLimit
{
    enum class Kind { none, automatic, seconds };

    Kind kind = Kind::none;
    double seconds = 0; ///< above 0 for Kind::seconds, else 0
    bool operator==(TimeLimit const&) const = default;
};

/// How the job runs.
struct RunConfig
{
    std::optional<std::uint64_t> batch = 64;       ///< rows of a batch; nothing: auto
    std::uint64_t window = std::uint64_t{8} << 20; ///< bytes of input a window aims at
    int credits = 2;                               ///< windows a rank holds beside the one that it runs
    Schedule schedule = Schedule::dynamic;
    DeviceChoice device = DeviceChoice::automatic;
    bool share_device = false; ///< two ranks may use one GPU
    TransportChoice transport = TransportChoice::automatic;
    std::optional<int> threads; ///< of a rank; nothing: auto, the cores that the rank may use
    Resume resume = Resume::automatic;
    double commit_interval = 5; ///< seconds between commits
    OnBadRow on_bad_row = OnBadRow::fail;
    bool refuse_nonfinite = false;       ///< a NaN or Inf in an output makes its row bad
    std::optional<double> stall_timeout; ///< seconds without progress on a window; nothing: auto
    FaultTolerance fault_tolerance = FaultTolerance::automatic;
    TimeLimit time_limit;
    double drain = 60; ///< seconds before the limit when no more windows are handed out
    bool operator==(RunConfig const&) const = default;
};

/// What the job tells about itself.
struct ReportConfig
{
    std::string dir; ///< folder of the report; empty: beside the output
    bool trace = false;
    bool html = false;
    Progress progress = Progress::automatic;
    bool operator==(ReportConfig const&) const = default;
};

/// The whole config.
struct Config
{
    InputConfig input;
    ModelConfig model;
    OutputConfig output;
    RunConfig run;
    ReportConfig report;
    bool operator==(Config const&) const = default;
};

} // namespace distinfer::config
