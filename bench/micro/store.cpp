#include "data.hpp"
#include "distinfer/io/output_file.hpp"

#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace distinfer::bench
{

namespace
{

/// The same windows to an output and to a plain file, each with all of its space allocated before.
struct Storing
{
    explicit Storing(Settings const& settings)
        : window(numbers(settings.window_bytes)),
          windows(settings.windows),
          rows(window.size() / row_bytes),
          output(io::OutputFile::create(fresh_path(settings, ".h5"), rows * windows, {{"/y", numbers_spec()}}, true)),
          plain_file(fresh_path(settings, ".raw")),
          plain(::open(plain_file.path().c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600))
    {
        if (::posix_fallocate(plain.get(), 0, static_cast<off_t>(window.size() * windows)) != 0)
            throw std::runtime_error("no room for " + plain_file.path());
        // Both get their pages before the clock runs.
        for (std::uint64_t turn = 0; turn < windows; ++turn) store(turn), write(turn);
    }

    std::uint64_t store(std::uint64_t turn)
    {
        auto const at = turn % windows;
        output.write(0, {at * rows, (at + 1) * rows}, window);
        return window.size();
    }

    std::uint64_t write(std::uint64_t turn)
    {
        auto const at = static_cast<off_t>(turn % windows * window.size());
        if (std::cmp_not_equal(::pwrite(plain.get(), window.data(), window.size(), at), window.size()))
            throw std::runtime_error("pwrite took a part for " + plain_file.path());
        return window.size();
    }

    std::vector<std::byte> window;
    std::uint64_t windows;
    std::uint64_t rows; ///< of a window
    io::OutputFile output;
    file::RemovedOnExit plain_file;
    file::FileDescriptor plain;
};

} // namespace

void add_store(Settings const& settings)
{
    auto const storing = once<Storing>([=] { return std::make_unique<Storing>(settings); });
    auto const* const stage = "store: rows, not yet durable";
    add(stage, "dist-infer", [=](std::uint64_t turn) { return storing().store(turn); });
    add(stage, "pwrite", [=](std::uint64_t turn) { return storing().write(turn); });
}

} // namespace distinfer::bench
