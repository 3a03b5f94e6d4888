#include "distinfer/io/hdf5_read.hpp"
#include "expect_error.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

namespace distinfer::io
{

TEST(Hdf5ReadTest, ListsDatasetsAtEveryDepth)
{
    test::TemporaryFolder const folder;
    auto const path = folder / "a.h5";
    for (auto const* const name : {"/z", "/a/b/c", "/a/x", "/y"}) {
        test::write_dataset(path, name, {DType::uint8, {}}, 1, {});
    }
    auto const file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Lcreate_soft("/z", file, "/soft", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/gone", file, "/dangling", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("other.h5", "/x", file, "/outside", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    EXPECT_EQ(list_datasets(path), (std::vector<std::string>{"/a/b/c", "/a/x", "/soft", "/y", "/z"}));
}

TEST(Hdf5ReadTest, DescribesADataset)
{
    test::TemporaryFolder const folder;
    TensorSpec const spec{DType::bfloat16, {4, 5}};
    test::write_dataset(folder / "a.h5", "/x", spec, 3, {}, {.big_endian = true});
    auto const info = describe(folder / "a.h5", "x");
    EXPECT_EQ(info.spec, spec);
    EXPECT_EQ(info.rows, 3U);
    expect_error<InputError>([&] { describe(folder / "a.h5", "/w"); }, {"no dataset '/w'"});
    expect_error<InputError>([&] { list_datasets(folder / "b.h5"); }, {"No such file"});
}

} // namespace distinfer::io
