#include "decoded_rows.hpp"
#include "distinfer/core/buffer.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/hdf5_source.hpp"
#include "expect_error.hpp"
#include "passing_filter.hpp"
#include "support/hdf5_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace distinfer::io
{

namespace
{

constexpr hsize_t block = 4;

/// One source of a virtual dataset: four rows of /x of a file.
struct Mapping
{
    std::string file;
    std::string dataset = "/x";
    bool everything = false; ///< selects all of the source, instead of its first four rows
};

/// Makes a virtual dataset /v of uint8 that joins the mappings along axis 0.
void write_virtual(std::string const& file, std::vector<Mapping> const& mappings)
{
    auto const rows = block * mappings.size();
    hsize_t const extent = rows;
    auto const space = H5Screate_simple(1, &extent, nullptr);
    auto const creation = H5Pcreate(H5P_DATASET_CREATE);
    for (hsize_t i = 0; i < mappings.size(); ++i) {
        auto const& [source, dataset, everything] = mappings[i];
        auto const start = i * block;
        auto const from = H5Screate_simple(1, &block, nullptr);
        hsize_t const zero = 0;
        if (!everything) H5Sselect_hyperslab(from, H5S_SELECT_SET, &zero, nullptr, &block, nullptr);
        H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, nullptr, &block, nullptr);
        EXPECT_GE(H5Pset_virtual(creation, space, source.c_str(), dataset.c_str(), from), 0);
        H5Sclose(from);
    }
    H5Sselect_all(space);
    auto const opened = H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    auto const made = H5Dcreate2(opened, "/v", H5T_STD_U8LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    EXPECT_GE(made, 0);
    H5Dclose(made);
    H5Pclose(creation);
    H5Sclose(space);
    H5Fclose(opened);
}

/// Makes a virtual dataset /v of uint8 that has as many rows as its source /x: one that grows, or, where its name holds
/// a %b, as many files of four rows as there are.
void write_growing(std::string const& file, std::string const& source)
{
    bool const numbered = source.find("%b") != std::string::npos;
    hsize_t const none = 0;
    hsize_t const unlimited = H5S_UNLIMITED;
    auto const space = H5Screate_simple(1, &none, &unlimited);
    auto const from = H5Screate_simple(1, numbered ? &block : &none, numbered ? nullptr : &unlimited);
    hsize_t const one = 1;
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &none, &block, &unlimited, numbered ? &block : &one);
    if (!numbered) {
        H5Sselect_hyperslab(space, H5S_SELECT_SET, &none, nullptr, &one, &unlimited);
        H5Sselect_hyperslab(from, H5S_SELECT_SET, &none, nullptr, &one, &unlimited);
    }
    auto const creation = H5Pcreate(H5P_DATASET_CREATE);
    EXPECT_GE(H5Pset_virtual(creation, space, source.c_str(), "/x", from), 0);
    auto const opened = H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    auto const made = H5Dcreate2(opened, "/v", H5T_STD_U8LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    EXPECT_GE(made, 0);
    for (auto const id : {space, from}) H5Sclose(id);
    H5Dclose(made);
    H5Pclose(creation);
    H5Fclose(opened);
}

std::vector<std::byte> filled(std::size_t count, int value)
{
    return std::vector<std::byte>(count, static_cast<std::byte>(value));
}

class Hdf5StorageTest : public testing::Test
{
  protected:
    std::vector<std::byte> all_rows(std::string const& dataset)
    {
        Hdf5Source source{file_, {dataset}, {}, External::follow};
        return decoded_rows(source, {0, source.rows()});
    }

    void add_source(std::string const& name, int value, hsize_t rows = block)
    {
        test::write_dataset(folder_ / name, "/x", {DType::uint8, {}}, rows, filled(rows, value));
    }

    void expect_refused(std::string const& dataset, std::initializer_list<std::string_view> words)
    {
        expect_error<InputError>([&] { all_rows(dataset); }, words);
    }

    test::TemporaryFolder folder_;
    std::string file_ = folder_ / "a.h5";
};

using Hdf5StorageDeathTest = Hdf5StorageTest;

/// Makes /x of rows uint8 in external files, each of which is said to hold so many bytes.
void write_external(std::string const& file, hsize_t rows, std::vector<std::pair<std::string, hsize_t>> const& files)
{
    auto const opened = H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    auto const space = H5Screate_simple(1, &rows, nullptr);
    auto const creation = H5Pcreate(H5P_DATASET_CREATE);
    for (auto const& [name, bytes] : files) H5Pset_external(creation, name.c_str(), 0, bytes);
    auto const made = H5Dcreate2(opened, "/x", H5T_STD_U8LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    EXPECT_GE(made, 0);
    H5Dclose(made);
    H5Pclose(creation);
    H5Sclose(space);
    H5Fclose(opened);
}

} // namespace

TEST_F(Hdf5StorageTest, VirtualDatasetsAreReadThroughTheirSources)
{
    add_source("s1.h5", 1);
    add_source("s2.h5", 2);
    write_virtual(file_, {{"s1.h5"}, {folder_ / "s2.h5"}, {"s1.h5", "/x", true}});
    auto expected = filled(block, 1);
    for (auto const value : {2, 1}) expected.insert(expected.end(), block, static_cast<std::byte>(value));
    EXPECT_EQ(all_rows("/v"), expected);
}

TEST_F(Hdf5StorageTest, VirtualDatasetsMayTakeFromTheirOwnFile)
{
    write_virtual(file_, {{"."}});
    add_source("a.h5", 3);
    EXPECT_EQ(all_rows("/v"), filled(block, 3));
}

TEST_F(Hdf5StorageTest, VirtualDatasetsMayGrowWithTheirSource)
{
    write_growing(file_, "grown%b.h5");
    expect_refused("/v", {"source file grown0.h5 cannot be opened"});
    add_source("grown0.h5", 1);
    add_source("grown1.h5", 2);
    EXPECT_EQ(all_rows("/v").size(), 2 * block);
    write_growing(file_, ".");
    add_source("a.h5", 3, 10);
    EXPECT_EQ(all_rows("/v"), filled(10, 3));
}

TEST_F(Hdf5StorageTest, AMissingSourceIsRefused)
{
    add_source("s1.h5", 1);
    write_virtual(file_, {{"s1.h5"}, {"s2.h5"}});
    expect_refused("/v", {"cannot read /v in " + file_, "source file s2.h5 cannot be opened"});
    write_virtual(file_, {{"s1.h5"}, {"s1.h5", "/y"}});
    expect_refused("/v", {"source /y in s1.h5 cannot be opened: object 'y' doesn't exist"});
}

TEST_F(Hdf5StorageTest, ASourceThatIsTooSmallIsRefused)
{
    add_source("s1.h5", 1, block - 1);
    write_virtual(file_, {{"s1.h5"}});
    expect_refused("/v", {"/x in s1.h5 is smaller than what is taken from it"});
    write_virtual(file_, {{"s1.h5", "/x", true}});
    expect_refused("/v", {"/x in s1.h5 is smaller than what is taken from it"});
}

TEST_F(Hdf5StorageTest, SourcesOfSourcesAreLookedAt)
{
    write_virtual(folder_ / "inner.h5", {{"gone.h5"}});
    write_virtual(file_, {{"inner.h5", "/v"}});
    expect_refused("/v", {"source file gone.h5 cannot be opened"});
}

TEST_F(Hdf5StorageTest, VirtualDatasetsThatReferToThemselvesAreRefused)
{
    write_virtual(file_, {{".", "/v"}});
    expect_refused("/v", {"without end"});
}

TEST_F(Hdf5StorageTest, ExternalFiles)
{
    auto const raw = folder_ / "raw.bin";
    file::write_atomically(raw, "12345678");
    write_external(file_, 8, {{raw, 6}, {raw, H5F_UNLIMITED}});
    auto const bytes = all_rows("/x");
    EXPECT_EQ(std::string(reinterpret_cast<char const*>(bytes.data()), bytes.size()), "12345612");
}

TEST_F(Hdf5StorageTest, ExternalFilesThatAreMissingOrShortAreRefused)
{
    auto const raw = folder_ / "raw.bin";
    write_external(file_, 8, {{raw, 8}});
    expect_refused("/x", {"/x in " + file_, "external file " + raw, "No such file"});
    file::write_atomically(raw, "1234567");
    expect_refused("/x", {"external file " + raw + " has 7 bytes of 8"});
}

TEST_F(Hdf5StorageTest, ExternalFilesAreLookedForWhereHdf5WouldLook)
{
    file::write_atomically(folder_ / "raw.bin", "12345678");
    write_external(file_, 8, {{"raw.bin", 8}});
    expect_refused("/x", {"external file raw.bin"});
}

/// HDF5 reads its environment once, so another process does it.
TEST_F(Hdf5StorageDeathTest, PrefixesFromTheEnvironment)
{
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    auto const read = [&] {
        ::setenv("HDF5_EXTFILE_PREFIX", "${ORIGIN}", 1);
        ::setenv("HDF5_VDS_PREFIX", (folder_ / "sources").c_str(), 1);
        file::write_atomically(folder_ / "raw.bin", "12345678");
        write_external(file_, 8, {{"raw.bin", 8}});
        bool const external = all_rows("/x") != filled(8, 0);
        std::filesystem::create_directory(folder_ / "sources");
        add_source("sources/s.h5", 9);
        write_virtual(file_, {{"s.h5"}});
        bool const found = external && all_rows("/v") == filled(block, 9);
        std::filesystem::remove_all(folder_.path());
        std::exit(found ? 0 : 1);
    };
    EXPECT_EXIT(read(), testing::ExitedWithCode(0), "");
}

TEST_F(Hdf5StorageTest, AFilterThatIsMissingIsFoundAtOpening)
{
    write_filtered(file_, 0, 8, 0);
    {
        PassingFilter const filter;
        EXPECT_EQ(all_rows("/x"), filled(8, 5));
    }
    expect_refused("/x", {"cannot read /x in " + file_, "filter 32001 (blosc) is not available", "HDF5_PLUGIN_PATH"});
}

TEST_F(Hdf5StorageTest, AFilterThatNoChunkNeedsMayBeMissing)
{
    write_filtered(file_, 0, 0, 0);
    EXPECT_EQ(all_rows("/x"), filled(8, 0));
    write_filtered(file_, 0, 4, 1);
    EXPECT_EQ(all_rows("/x").size(), 8U);
}

TEST_F(Hdf5StorageTest, AFilterThatOnlyALaterChunkNeedsIsFoundInReading)
{
    write_filtered(file_, 0, 8, 1);
    Hdf5Source source{file_, {"/x"}};
    decoded_rows(source, {0, 4});
    expect_error<InputError>(
        [&] {
            decoded_rows(source, {2, 7});
        },
        {"cannot read rows 2 to 6 of /x in " + file_, "filter 32001 (blosc) is not available"});
}

TEST_F(Hdf5StorageTest, ChunksThatAreDamagedNameTheirRows)
{
    test::write_dataset(file_, "/x", {DType::uint8, {}}, 8000, filled(8000, 5), {.chunk = {4000}, .fletcher32 = true});
    {
        std::fstream stream{file_, std::ios::binary | std::ios::in | std::ios::out};
        stream.seekp(-100, std::ios::end);
        stream.put('\7');
    }
    Hdf5Source source{file_, {"/x"}};
    decoded_rows(source, {0, 4000});
    expect_error<InputError>(
        [&] {
            decoded_rows(source, {3999, 4001});
        },
        {"cannot read rows 3999 to 4000 of /x in " + file_, "fletcher32", "damaged"});
}

} // namespace distinfer::io
