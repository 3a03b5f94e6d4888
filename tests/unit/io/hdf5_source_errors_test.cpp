#include "distinfer/file/file.hpp"
#include "distinfer/io/hdf5_source.hpp"
#include "expect_error.hpp"
#include "support/as_nobody.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sys/file.h>
#include <sys/stat.h>

namespace distinfer::io
{

namespace
{

/// A file a.h5 with the datasets /images [10,3,3], /labels [9] and /group/deep [10].
class Hdf5SourceErrorsTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        test::write_dataset(file_, "/images", {DType::uint8, {3, 3}}, 10, {});
        test::write_dataset(file_, "/labels", {DType::int64, {}}, 9, {});
        test::write_dataset(file_, "/group/deep", {DType::float32, {}}, 10, {});
    }

    void expect_refused(std::vector<std::string> datasets, std::initializer_list<std::string_view> words)
    {
        expect_error<InputError>([&] { Hdf5Source{file_, datasets}; }, words);
    }

    /// Adds a dataset that the helper cannot make.
    void add(char const* name, hid_t type, std::vector<hsize_t> const& extents)
    {
        auto const file = H5Fopen(file_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
        auto const space = extents.empty()
                               ? H5Screate(H5S_SCALAR)
                               : H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr);
        auto const dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        EXPECT_GE(dataset, 0);
        H5Dclose(dataset);
        H5Sclose(space);
        H5Fclose(file);
    }

    test::TemporaryFolder folder_;
    std::string file_ = folder_ / "a.h5";
};

/// Opens a path as a source.
std::function<void()> opening(std::string const& path)
{
    return [path] { Hdf5Source{path, {"/x"}}; };
}

} // namespace

TEST_F(Hdf5SourceErrorsTest, PathsThatAreNoFile)
{
    auto const missing = folder_ / "b.h5";
    expect_error<InputError>(opening(missing), {"cannot read " + missing, "No such file", "input.files"});
    expect_error<InputError>(opening(file_ + "/x.h5"), {"Not a directory", "input.files"});
    expect_error<InputError>(opening(folder_.path()), {"it is a folder"});
    expect_error<InputError>(opening("/dev/null"), {"device or pipe"});
    ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    expect_error<InputError>(opening(folder_ / "pipe"), {"device or pipe"});
}

TEST_F(Hdf5SourceErrorsTest, AFileWithoutPermission)
{
    std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
    std::filesystem::permissions(file_, std::filesystem::perms::none);
    test::AsNobody const nobody;
    expect_error<InputError>(opening(file_), {file_, "Permission denied", "chmod"});
}

TEST_F(Hdf5SourceErrorsTest, FilesThatAreNotHdf5)
{
    file::write_atomically(file_, "");
    expect_error<InputError>(opening(file_), {"the file is empty"});
    file::write_atomically(file_, "CDF\x01 and so on");
    expect_error<InputError>(opening(file_), {"cannot read " + file_ + " as HDF5", "NetCDF-3", "nccopy -k nc4"});
    file::write_atomically(file_, "a,b\n1,2\n");
    expect_error<InputError>(opening(file_), {"CSV"});
}

TEST_F(Hdf5SourceErrorsTest, AFileCutShort)
{
    std::filesystem::resize_file(file_, std::filesystem::file_size(file_) - 1);
    auto const size = std::filesystem::file_size(file_);
    expect_refused({"/images"},
                   {file_, "cut short: it has " + std::to_string(size) + " bytes of " + std::to_string(size + 1)});
    std::filesystem::resize_file(file_, 40);
    expect_refused({"/images"}, {file_, "damaged"});
}

TEST_F(Hdf5SourceErrorsTest, AFileOfANewerHdf5)
{
    {
        std::fstream stream{file_, std::ios::binary | std::ios::in | std::ios::out};
        stream.seekp(8);
        stream.put(99);
    }
    expect_refused({"/images"}, {file_, "superblock version number", "libver=('earliest', 'v110')"});
}

TEST_F(Hdf5SourceErrorsTest, AFileThatIsBeingWritten)
{
    // HDF5 would let this process in; the lock that a writer holds is what others see.
    file::FileDescriptor const writer{::open(file_.c_str(), O_RDONLY | O_CLOEXEC)};
    ASSERT_EQ(::flock(writer.get(), LOCK_EX), 0);
    expect_refused({"/images"}, {file_, "unable to lock", "HDF5_USE_FILE_LOCKING"});
}

TEST_F(Hdf5SourceErrorsTest, DatasetsThatAreNotThere)
{
    expect_refused({"/image"},
                   {"no dataset '/image' in " + file_, "/group/deep, /images, /labels", "did you mean '/images'?"});
    expect_refused({"labls"}, {"no dataset 'labls'", "did you mean '/labels'?"});
    expect_refused({"/zzzzzzzzzz"}, {"its datasets: /group/deep", "name one of them"});
    expect_refused({"/group/deeper"}, {"did you mean '/group/deep'?"});
    expect_refused({"/images/x"}, {"no dataset '/images/x'"});
    expect_refused({"/nowhere/x"}, {"no dataset '/nowhere/x'"});
    expect_refused({""}, {"no dataset ''"});
    expect_refused({}, {"no dataset of " + file_ + " is named"});
}

TEST_F(Hdf5SourceErrorsTest, LinksThatLeadNowhere)
{
    auto const file = H5Fopen(file_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Lcreate_external("gone.h5", "/x", file, "/outside", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/gone", file, "/soft", H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    expect_error<InputError>([&] { Hdf5Source(file_, {"/outside"}, {}, External::follow); },
                             {"cannot open /outside in " + file_, "gone.h5"});
    expect_refused({"/soft"}, {"cannot open /soft in " + file_});
}

TEST_F(Hdf5SourceErrorsTest, PathsThatAreNotDatasets)
{
    expect_refused({"/group"}, {"/group in " + file_ + " is not a dataset", "it is a group", "/group/deep"});
    expect_refused({"/"}, {"it is a group"});
}

TEST_F(Hdf5SourceErrorsTest, RanksThatHaveNoRowsOrTooManyAxes)
{
    add("/scalar", H5T_NATIVE_INT, {});
    add("/nine", H5T_NATIVE_INT, {1, 1, 1, 1, 1, 1, 1, 1, 1});
    auto const file = H5Fopen(file_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    auto const nothing = H5Screate(H5S_NULL);
    H5Dclose(H5Dcreate2(file, "/null", H5T_NATIVE_INT, nothing, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(nothing);
    H5Fclose(file);
    expect_refused({"/null"}, {"cannot use /null in " + file_, "no shape and no data"});
    expect_refused({"/scalar"}, {"cannot use /scalar in " + file_, "a single value", "[rows, ...]"});
    expect_refused({"/nine"}, {"cannot use /nine in " + file_, "9 axes", "at most 8"});
}

TEST_F(Hdf5SourceErrorsTest, LengthsThatDiffer)
{
    expect_refused({"/images", "/labels"},
                   {"differ in length along axis 0", file_, "/images: 10 rows, /labels: 9 rows"});
}

TEST_F(Hdf5SourceErrorsTest, TypesThatAreNotNumbers)
{
    auto const compound = H5Tcreate(H5T_COMPOUND, 8);
    H5Tinsert(compound, "mass", 0, H5T_NATIVE_DOUBLE);
    add("/compound", compound, {10});
    add("/text", H5T_C_S1, {10});
    add("/references", H5T_STD_REF_OBJ, {10});
    add("/long", H5T_NATIVE_LDOUBLE, {10});
    H5Tclose(compound);
    expect_refused({"/compound"}, {"cannot use /compound in " + file_, "a compound of mass", "bool, uint8"});
    expect_refused({"/text"}, {"fixed-length strings"});
    expect_refused({"/references"}, {"references"});
    expect_refused({"/long"}, {"long double"});
}

TEST_F(Hdf5SourceErrorsTest, RowsThatDoNotFitSixtyFourBits)
{
    // HDF5 itself refuses to create such a dataset contiguous; chunks hide it.
    test::write_dataset(folder_ / "big.h5", "/x", {DType::float64, {1LL << 31, 1LL << 30}}, 2, {},
                        {.chunk = {1, 1, 1}});
    expect_error<InputError>(opening(folder_ / "big.h5"), {"/x in", "does not fit 64 bits"});
}

TEST_F(Hdf5SourceErrorsTest, NothingIsPrinted)
{
    testing::internal::CaptureStderr();
    EXPECT_THROW(Hdf5Source(file_, {"/nothing"}), InputError);
    EXPECT_THROW(Hdf5Source(file_, {"/images/x"}), InputError);
    std::filesystem::resize_file(file_, 1000);
    EXPECT_THROW(Hdf5Source(file_, {"/images"}), InputError);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

} // namespace distinfer::io
