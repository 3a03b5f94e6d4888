#pragma once

#include "distinfer/core/bad_row.hpp"
#include "distinfer/core/error.hpp"
#include "distinfer/core/stage_times.hpp"
#include "distinfer/core/tensor_spec.hpp"
#include "distinfer/report/build_info.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace distinfer::report
{

/// One rank: where it ran, and where its time went.
struct RankReport
{
    int rank = 0;
    std::string host;
    std::vector<int> cores; ///< that it may use
    std::string device;     ///< "cpu", "cuda:0"
    StageTimes fetch;       ///< of a rank that reads
    StageTimes decode;      ///< where windows have to be decoded
    StageTimes infer;
    StageTimes store;                    ///< of a rank that writes
    std::uint64_t peak_memory_bytes = 0; ///< the most that was resident, libraries included
    std::uint64_t batches_in_parts = 0;  ///< that memory did not hold whole
};

/// A batch that was tried where the config leaves its size open.
struct TriedBatch
{
    std::uint64_t rows = 0;
    double seconds = 0; ///< the least that it took
};

/// How far a result of the first batch is from that in float32.
struct PrecisionEffect
{
    std::string dataset;
    double absolute = 0; ///< the largest difference
    double relative = 0; ///< to the largest value
};

/// What a run tells of itself, whether it went well or not. What was not reached stays empty.
struct RunReport
{
    ExitCode exit_code = ExitCode::done;
    std::string error; ///< the one message; empty where exit_code is done
    std::string command;
    std::string started;                               ///< UTC, ISO 8601
    std::string config_text;                           ///< the resolved config, as YAML
    std::map<std::string, std::string> config_origins; ///< key to where its value was set
    std::string model_format;
    std::string model_sha256;
    std::string mpi_library;             ///< empty: a run of one process, without MPI
    std::vector<std::string> lost_ranks; ///< that died while the others went on: "rank 2 on node1"
    std::uint64_t rows = 0;
    std::uint64_t rows_stored = 0;  ///< durably, by this run and earlier ones
    std::uint64_t rows_resumed = 0; ///< of those, by earlier ones
    std::uint64_t rows_skipped = 0; ///< of those stored, bad ones that hold the fill value
    std::vector<BadRow> bad_rows;   ///< the first of them
    std::uint64_t batch = 0;
    std::vector<TriedBatch> tried_batches;
    double batch_search_seconds = 0;
    std::vector<PrecisionEffect> precision_effects; ///< where the precision is reduced
    std::uint64_t windows = 0;
    std::uint64_t window_rows = 0; ///< of the largest window
    int threads = 0;               ///< of each rank
    std::vector<NamedTensor> inputs;
    std::vector<NamedTensor> outputs;
    std::string folder; ///< where the report goes; empty: beside the output
    std::string output_file;
    double setup_seconds = 0; ///< from the start to the first window
    double run_seconds = 0;   ///< from the first window to the finished output
    std::vector<RankReport> ranks;

    double rows_per_second() const
    {
        return run_seconds > 0 ? static_cast<double>(rows_stored - rows_resumed) / run_seconds : 0;
    }
};

/// A rank's part as text, to be sent to root, and back. @throws InternalError where the text is none
std::string encode(RankReport const& rank);
RankReport decode_rank(std::string const& text);

/// The report as a JSON document, build included.
std::string to_json(RunReport const& report);

/// What `version --json` prints.
std::string to_json(BuildInfo const& build);

/// Now, in UTC: "2026-01-31T12:00:00Z".
std::string utc_now();

} // namespace distinfer::report
