#pragma once

#include "fashion_mnist/array.hpp"

#include <cstdint>
#include <string>

namespace fashion_mnist
{

/// An HDF5 identifier and the function that closes it.
class Hdf5Handle
{
  public:
    using Close = int (*)(std::int64_t);

    Hdf5Handle(std::int64_t id, Close closer) : id_(id), closer_(closer) {}
    Hdf5Handle(Hdf5Handle const&) = delete;
    Hdf5Handle& operator=(Hdf5Handle const&) = delete;
    ~Hdf5Handle() { close(); }

    std::int64_t get() const noexcept { return id_; }

    /// Closes now, once. @returns false where HDF5 reports an error: data may not have reached the file
    bool close() noexcept;

  private:
    std::int64_t id_;
    Close closer_;
};

/// Reads whole datasets; T is std::uint8_t or float and must be what the file holds.
class Hdf5Reader
{
  public:
    /// @throws InputError
    explicit Hdf5Reader(std::string const& path);

    /// @throws InputError where there is no such dataset, or it holds another type
    template <class T>
    Array<T> read(std::string const& dataset) const;

  private:
    std::string path_;
    Hdf5Handle file_;
};

/// Creates a file, replacing one of the same name.
class Hdf5Writer
{
  public:
    /// @throws OutputError
    explicit Hdf5Writer(std::string const& path);

    /// Writes a dataset in gzip'ed chunks of so many rows. @throws OutputError
    void write(std::string const& dataset, Array<std::uint8_t> const& array, std::uint64_t chunk_rows);

    /// Must be called at the end: a full disk shows here. @throws OutputError
    void close();

  private:
    std::string path_;
    Hdf5Handle file_;
};

} // namespace fashion_mnist
