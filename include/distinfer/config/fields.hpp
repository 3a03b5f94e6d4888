#pragma once

#include "distinfer/config/config.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

/// The one table of the schema. visit_fields(visit, s) calls visit(Field, member) for every key of a config struct, in
/// the order of the documentation; reading, writing, overrides and help are visitors of it.
namespace distinfer::config
{

/// What a number counts, and so which suffixes it takes.
enum class Unit { none, bytes, seconds };

/// Which numbers make sense.
enum class Range { any, not_negative, positive };

/// What the schema says about one key.
struct Field
{
    std::string_view key;
    std::string_view doc; ///< one line
    Unit unit = Unit::none;
    Range range = Range::any;
    std::string_view unset = {}; ///< the word for a member that holds nothing: "auto", "as-is" or "null"
    bool required = false;
    bool path = false; ///< of a file or folder, relative to where it is written
};

/// S is T or T const.
template <class S, class T>
concept Of = std::same_as<std::remove_const_t<S>, T>;

template <class V, Of<InputConfig> S>
void visit_fields(V&& visit, S& s)
{
    visit(Field{.key = "files",
                .doc = "HDF5 or .npy files: a path, a list or a glob; joined along axis 0",
                .required = true,
                .path = true},
          s.files);
    visit(Field{.key = "read", .doc = "rank 0 reads and sends rows, or every rank reads its own"}, s.read);
    visit(Field{.key = "allow_external", .doc = "follow storage and links out of the file's own folder"},
          s.allow_external);
    visit(Field{.key = "plugin_path", .doc = "folder of HDF5 filter plugins", .path = true}, s.plugin_path);
}

template <class V, Of<ModelInputConfig> S>
void visit_fields(V&& visit, S& s)
{
    visit(Field{.key = "dataset", .doc = "rows come from here; or constant", .unset = "null"}, s.dataset);
    visit(Field{.key = "constant", .doc = "a scalar argument: a number, true or false", .unset = "null"}, s.constant);
    visit(Field{.key = "dtype", .doc = "cast on the device; as-is: as stored", .unset = "as-is"}, s.dtype);
    visit(Field{.key = "scale", .doc = "x * scale, then (x - mean) / std for each channel"}, s.scale);
    visit(Field{.key = "mean", .doc = "one value for each channel, or none"}, s.mean);
    visit(Field{.key = "std", .doc = "as many as mean, none of them 0"}, s.std);
}

template <class V, Of<ModelOutputConfig> S>
void visit_fields(V&& visit, S& s)
{
    visit(Field{.key = "dataset", .doc = "where it is stored; null drops it", .unset = "null", .required = true},
          s.dataset);
    visit(Field{.key = "transform", .doc = "none | softmax | sigmoid | argmax | topk:K"}, s.transform);
    visit(Field{.key = "dtype", .doc = "stored as; as-is: as the model gives it", .unset = "as-is"}, s.dtype);
}

template <class V, Of<ModelConfig> S>
void visit_fields(V&& visit, S& s)
{
    visit(Field{.key = "path", .doc = "TorchScript archive or AOTInductor package", .required = true, .path = true},
          s.path);
    visit(Field{.key = "sha256", .doc = "digest that the file must have; empty: not checked"}, s.sha256);
    visit(Field{.key = "method", .doc = "what is called; TorchScript only"}, s.method);
    visit(Field{.key = "precision", .doc = "of the model's arithmetic"}, s.precision);
    visit(Field{.key = "autocast", .doc = "let LibTorch pick the precision of each operation"}, s.autocast);
    visit(Field{.key = "channels_last", .doc = "lay pictures out with channels last, for convolutions"},
          s.channels_last);
    visit(Field{.key = "grad", .doc = "enabled is for models that call autograd inside forward"}, s.grad);
    visit(Field{.key = "stateful", .doc = "may a call depend on those before it, or on random numbers?"}, s.stateful);
    visit(Field{.key = "libraries", .doc = "shared libraries to load before the model", .path = true}, s.libraries);
    visit(Field{.key = "inputs", .doc = "in the order of the model's arguments"}, s.inputs);
    visit(Field{.key = "outputs", .doc = "in the order of the model's results"}, s.outputs);
}

template <class V, Of<OutputConfig> S>
void visit_fields(V&& visit, S& s)
{
    visit(Field{.key = "file", .doc = "HDF5 file to make", .required = true, .path = true}, s.file);
    visit(Field{.key = "write", .doc = "rank 0 gathers and writes rows, or every rank writes its own"}, s.write);
    visit(Field{.key = "passthrough", .doc = "input datasets copied beside the outputs"}, s.passthrough);
    visit(Field{.key = "if_exists", .doc = "what to do where the file is there already"}, s.if_exists);
}

template <class V, Of<RunConfig> S>
void visit_fields(V&& visit, S& s)
{
    visit(Field{.key = "batch", .doc = "rows, or auto", .range = Range::positive, .unset = "auto"}, s.batch);
    visit(Field{.key = "window",
                .doc = "input that is read, sent and stored as one",
                .unit = Unit::bytes,
                .range = Range::positive},
          s.window);
    visit(Field{.key = "credits", .doc = "windows held beside the one that runs", .range = Range::not_negative},
          s.credits);
    visit(Field{.key = "schedule", .doc = "ranks ask for windows, or get equal blocks"}, s.schedule);
    visit(Field{.key = "device", .doc = "what runs the model"}, s.device);
    visit(Field{.key = "share_device", .doc = "may two ranks use one GPU?"}, s.share_device);
    visit(Field{.key = "transport", .doc = "what carries the rows"}, s.transport);
    visit(Field{.key = "threads",
                .doc = "of a rank; auto: the cores that it may use",
                .range = Range::positive,
                .unset = "auto"},
          s.threads);
    visit(Field{.key = "resume", .doc = "go on with what an earlier run left"}, s.resume);
    visit(Field{.key = "commit_interval",
                .doc = "time between commits to disk",
                .unit = Unit::seconds,
                .range = Range::not_negative},
          s.commit_interval);
    visit(Field{.key = "on_bad_row", .doc = "stop, or store the fill value and go on"}, s.on_bad_row);
    visit(Field{.key = "refuse_nonfinite", .doc = "is a NaN or Inf in an output a bad row?"}, s.refuse_nonfinite);
    visit(Field{.key = "stall_timeout",
                .doc = "a window without progress ends the job",
                .unit = Unit::seconds,
                .range = Range::positive,
                .unset = "auto"},
          s.stall_timeout);
    visit(Field{.key = "fault_tolerance", .doc = "go on without a lost rank"}, s.fault_tolerance);
    visit(Field{.key = "time_limit",
                .doc = "none, auto (the end of the SLURM job) or a time",
                .unit = Unit::seconds,
                .range = Range::positive},
          s.time_limit);
    visit(Field{.key = "drain",
                .doc = "how long before the limit to stop handing out",
                .unit = Unit::seconds,
                .range = Range::not_negative},
          s.drain);
}

template <class V, Of<ReportConfig> S>
void visit_fields(V&& visit, S& s)
{
    visit(Field{.key = "dir", .doc = "folder of the report; empty: beside the output", .path = true}, s.dir);
    visit(Field{.key = "trace", .doc = "also write trace.json"}, s.trace);
    visit(Field{.key = "html", .doc = "also write report.html"}, s.html);
    visit(Field{.key = "progress", .doc = "a bar on a terminal, lines in a log"}, s.progress);
}

template <class V, Of<Config> S>
void visit_fields(V&& visit, S& s)
{
    visit(Field{.key = "input", .doc = "where rows come from"}, s.input);
    visit(Field{.key = "model", .doc = "what runs"}, s.model);
    visit(Field{.key = "output", .doc = "where results go"}, s.output);
    visit(Field{.key = "run", .doc = "how the job runs"}, s.run);
    visit(Field{.key = "report", .doc = "what the job tells about itself"}, s.report);
}

/// A config struct that the table knows.
template <class S>
concept HasFields = requires(S& s)
{
    visit_fields([](Field const&, auto&) {}, s);
};

/// One line for a key of type T: its choices, if it has any, and what it means.
template <class T>
std::string explain(Field const& field)
{
    std::string text;
    if constexpr (Choice<T>) {
        for (auto const& name : names<T>) text.append(text.empty() ? "" : " | ").append(name.text);
        text += "; ";
    }
    return text.append(field.doc);
}

} // namespace distinfer::config
