#pragma once

#include <gtest/gtest.h>
#include <hdf5.h>

#include <cstddef>
#include <string>
#include <vector>

namespace distinfer::io
{

/// A filter that this program has only while an object of this class lives.
class PassingFilter
{
  public:
    static constexpr H5Z_filter_t id = 32001;

    PassingFilter()
    {
        H5Z_class2_t about{};
        about.version = H5Z_CLASS_T_VERS;
        about.id = id;
        about.encoder_present = 1;
        about.decoder_present = 1;
        about.filter = [](unsigned, std::size_t, unsigned const*, std::size_t bytes, std::size_t*, void**) {
            return bytes;
        };
        EXPECT_GE(H5Zregister(&about), 0);
    }
    ~PassingFilter() { H5Zunregister(id); }
    PassingFilter(PassingFilter const&) = delete;
    PassingFilter& operator=(PassingFilter const&) = delete;
};

/// Creates /x of 8 rows in chunks of 4, filtered, and writes 5 to rows of it.
inline void write_filtered(std::string const& file, hsize_t first_row, hsize_t rows, unsigned first_chunk_mask)
{
    PassingFilter const filter;
    hsize_t const extent = 8;
    hsize_t const chunk = 4;
    auto const opened = H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    auto const space = H5Screate_simple(1, &extent, nullptr);
    auto const creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(creation, 1, &chunk);
    H5Pset_filter(creation, PassingFilter::id, 0, 0, nullptr);
    auto const made = H5Dcreate2(opened, "/x", H5T_STD_U8LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    std::vector<std::byte> const bytes(rows, std::byte{5});
    for (auto row = first_row; row < first_row + rows; row += chunk) {
        H5Dwrite_chunk(made, H5P_DEFAULT, row == 0 ? first_chunk_mask : 0, &row, chunk, bytes.data());
    }
    H5Dclose(made);
    H5Pclose(creation);
    H5Sclose(space);
    H5Fclose(opened);
}

} // namespace distinfer::io
