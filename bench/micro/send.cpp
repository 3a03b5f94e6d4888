#include "send.hpp"

#include "data.hpp"
#include "distinfer/core/buffer.hpp"
#include "distinfer/io/hdf5_source.hpp"
#include "sender.hpp"

#include <hdf5.h>
#include <mpi.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace distinfer::bench
{

namespace
{

constexpr std::uint64_t config_window = std::uint64_t{8} << 20; ///< run.window as it is by default

/// Windows from buffers in memory.
struct Sending
{
    Sending(Settings const& settings, Ranks const& ranks)
        : sender(ranks), window(counts(settings.window_bytes)), windows(settings.windows)
    {
        for (auto& buffer : from) {
            buffer.resize(window.size());
            std::ranges::copy(window, buffer.data());
        }
        for (auto& buffer : to) buffer = Buffer{window.size()};
        sender.fill(window);
    }

    std::uint64_t bytes() const { return window.size() * windows; }

    std::uint64_t transfer()
    {
        sender.send({.count = windows,
                     .bytes = [this](std::uint64_t) { return window.size(); },
                     .fetch = [](std::uint64_t, std::span<std::byte>) {}});
        return bytes();
    }

    std::uint64_t send()
    {
        give({.kind = Order::Kind::plain, .windows = windows, .bytes = window.size()});
        for (std::uint64_t i = 0; i < windows; ++i)
            MPI_Send(from[i % slots].data(), static_cast<int>(window.size()), MPI_BYTE, 1, 0, MPI_COMM_WORLD);
        MPI_Recv(nullptr, 0, MPI_BYTE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        return bytes();
    }

    std::uint64_t copy()
    {
        for (std::uint64_t i = 0; i < windows; ++i)
            std::memcpy(to[i % slots].data(), from[i % slots].data(), window.size());
        return bytes();
    }

    Sender sender;
    std::vector<std::byte> window;
    std::uint64_t windows;
    std::array<Buffer, slots> from;
    std::array<Buffer, slots> to;
};

void check(herr_t status)
{
    if (status < 0) throw std::runtime_error("an HDF5 call failed");
}

/// A dataset of counts: root's whole work on it, and how it would be read otherwise.
struct Reading
{
    Reading(Settings const& settings, Ranks const& ranks)
        : made(settings.counts.empty() ? make(settings) : nullptr),
          file(made ? made->path() : settings.counts),
          sender(ranks),
          source(file, {"/x"}),
          row(source.layout().bytes_per_row()),
          rows(std::max<std::uint64_t>(chunk_rows, config_window / row / chunk_rows * chunk_rows))
    {}

    static std::unique_ptr<MadeFile> make(Settings const& settings)
    {
        return std::make_unique<MadeFile>(settings, counts_spec(), counts(settings.window_bytes * settings.windows),
                                          test::StoredAs{.chunk = {chunk_rows, 64, 64}, .deflate = 4});
    }

    RowRange window(std::uint64_t number) const
    {
        return {number * rows, std::min(source.rows(), (number + 1) * rows)};
    }

    std::uint64_t fetch_and_send()
    {
        sender.send(
            {.count = (source.rows() + rows - 1) / rows,
             .bytes = [this](std::uint64_t number) { return source.wire_bytes(window(number)); },
             .fetch = [this](std::uint64_t number, std::span<std::byte> to) { source.fetch(window(number), to); }});
        return source.rows() * row;
    }

    std::uint64_t read() const
    {
        auto const opened = H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
        auto const dataset = H5Dopen2(opened, "/x", H5P_DEFAULT);
        for (std::uint64_t begin = 0; begin < source.rows(); begin += rows) read(dataset, window(begin / rows));
        check(H5Dclose(dataset));
        check(H5Fclose(opened));
        return source.rows() * row;
    }

    void read(hid_t dataset, RowRange window) const
    {
        std::vector<hsize_t> start{window.begin};
        std::vector<hsize_t> count{window.size()};
        for (auto const extent : source.layout().specs().front().row_shape) {
            start.push_back(0);
            count.push_back(static_cast<hsize_t>(extent));
        }
        buffer.resize(window.size() * row);
        auto const from = H5Dget_space(dataset);
        auto const to = H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr);
        check(H5Sselect_hyperslab(from, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr));
        check(H5Dread(dataset, H5T_NATIVE_UINT8, to, from, H5P_DEFAULT, buffer.data()));
        check(H5Sclose(to));
        check(H5Sclose(from));
    }

    std::unique_ptr<MadeFile> made; ///< where none is given
    std::string file;
    Sender sender;
    io::Hdf5Source source;
    std::uint64_t row;  ///< bytes, decoded
    std::uint64_t rows; ///< of a window
    mutable Buffer buffer;
};

void add_windows(Settings const& settings, Ranks const& ranks)
{
    auto const sending = once<Sending>([=] { return std::make_unique<Sending>(settings, ranks); });
    auto const* const stage = "send: windows to a rank on the same host";
    add(
        stage, "dist-infer", [=](std::uint64_t) { return sending().transfer(); }, Clock::wall);
    add(
        stage, "MPI_Send and MPI_Recv", [=](std::uint64_t) { return sending().send(); }, Clock::wall);
    add(
        stage, "memcpy", [=](std::uint64_t) { return sending().copy(); }, Clock::wall);
}

void add_reading(Settings const& settings, Ranks const& ranks)
{
    auto const reading = once<Reading>([=] { return std::make_unique<Reading>(settings, ranks); });
    auto const* const stage = "root: fetch and send of cnn, CPU time";
    add(
        stage, "dist-infer", [=](std::uint64_t) { return reading().fetch_and_send(); }, Clock::process);
    add(
        stage, "H5Dread", [=](std::uint64_t) { return reading().read(); }, Clock::process);
}

} // namespace

void add_send(Settings const& settings, Ranks const& ranks)
{
    add_windows(settings, ranks);
    add_reading(settings, ranks);
}

} // namespace distinfer::bench
