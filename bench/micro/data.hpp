#pragma once

#include "benchmarks.hpp"
#include "distinfer/core/tensor_spec.hpp"
#include "distinfer/file/file.hpp"
#include "support/hdf5_file.hpp"

#include <cstddef>
#include <vector>

namespace distinfer::bench
{

/// uint8[rows,64,64] and float32[rows,32,32]: rows of row_bytes.
TensorSpec counts_spec();
TensorSpec numbers_spec();

/// Sparse counts, as a detector gives them; gzip makes a quarter of them. From a fixed seed.
std::vector<std::byte> counts(std::uint64_t bytes);

/// float32 around 0 with a precision of 1/64; shuffle and gzip make less than a half of them. From a fixed seed.
std::vector<std::byte> numbers(std::uint64_t bytes);

/// A path in the folder that no file has: two programs may measure at once.
std::string fresh_path(Settings const& settings, std::string const& suffix);

/// An HDF5 file with the dataset /x, removed when the object goes.
class MadeFile
{
  public:
    MadeFile(Settings const& settings, TensorSpec const& spec, std::vector<std::byte> const& bytes,
             test::StoredAs const& stored);

    std::string const& path() const noexcept { return file_.path(); }

  private:
    file::RemovedOnExit file_;
};

} // namespace distinfer::bench
