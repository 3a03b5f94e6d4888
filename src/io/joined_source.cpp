#include "distinfer/io/joined_source.hpp"

#include "distinfer/core/check.hpp"
#include "distinfer/core/error.hpp"

#include <algorithm>

namespace distinfer::io
{

namespace
{

constexpr std::size_t open_files = 16;
constexpr std::uint64_t most_rows = UINT64_MAX / 4;

void require_same_specs(FileFacts const& first, FileFacts const& other)
{
    for (std::size_t i = 0; i < first.forms.size(); ++i) {
        if (first.forms[i].spec == other.forms[i].spec) continue;
        throw InputError("the input files do not fit together",
                         first.names[i] + " is " + to_string(first.forms[i].spec) + ", " + other.names[i] + " is " +
                             to_string(other.forms[i].spec),
                         "join only files whose datasets have the same type and row shape");
    }
}

} // namespace

JoinedSource::JoinedSource(std::vector<std::string> files, std::vector<std::string> datasets, ChunkLimits limits,
                           External external)
    : files_(std::move(files)),
      datasets_(std::move(datasets)),
      limits_(limits),
      external_(external),
      facts_(inspect()),
      file_rows_(facts_),
      layout_(facts_.front().specs()),
      plain_(std::ranges::all_of(facts_, [](FileFacts const& file) { return file.plain(); }))
{}

std::vector<FileFacts> JoinedSource::inspect()
{
    expects(!files_.empty(), "an input file");
    std::vector<FileFacts> facts;
    std::uint64_t rows = 0;
    for (std::size_t file = 0; file < files_.size(); ++file) {
        auto const& source = open(file);
        facts.push_back(source.facts());
        for (auto& path : source.files_behind()) behind_.insert(std::move(path));
        require_same_specs(facts.front(), facts.back());
        if (facts.back().rows > most_rows - rows)
            throw InputError("the input files have more rows than can be counted", {}, "see whether one is damaged");
        rows += facts.back().rows;
    }
    return facts;
}

FileSource& JoinedSource::open(std::size_t file)
{
    auto const found = std::ranges::find(open_, file, &Open::file);
    if (found != open_.end()) {
        open_.splice(open_.begin(), open_, found);
    } else {
        open_.push_front({file, open_file_source(files_[file], datasets_, limits_, external_)});
        if (open_.size() > open_files) open_.pop_back();
    }
    return *open_.front().source;
}

std::uint64_t JoinedSource::wire_bytes(RowRange rows)
{
    if (plain_) return layout_.bytes(rows.size());
    std::uint64_t bytes = 0;
    for (auto const& part : file_rows_.cut(rows)) bytes += open(part.file).wire_bytes(part.rows);
    return bytes;
}

void JoinedSource::fetch(RowRange rows, std::span<std::byte> wire)
{
    for (auto const& part : file_rows_.cut(rows)) {
        if (plain_) {
            fetch_plain(part, rows.size(), wire);
            continue;
        }
        auto& source = open(part.file);
        auto const bytes = source.wire_bytes(part.rows);
        source.fetch(part.rows, wire.first(bytes));
        wire = wire.subspan(bytes);
    }
}

void JoinedSource::fetch_plain(FilePart const& part, std::uint64_t window_rows, std::span<std::byte> window)
{
    auto& source = open(part.file);
    for (std::size_t i = 0; i < layout_.tensors(); ++i) {
        auto const row = layout_.row_bytes(i);
        auto const at = layout_.offset(i, window_rows) + part.first * row;
        source.fetch_plain(i, part.rows, window.subspan(at, part.rows.size() * row));
    }
}

} // namespace distinfer::io
