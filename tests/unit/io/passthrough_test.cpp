#include "distinfer/io/output_file.hpp"
#include "hdf5_handle.hpp"
#include "passing_filter.hpp"
#include "support/hdf5_file.hpp"
#include "support/hdf5_values.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <numeric>

namespace distinfer::io
{

namespace
{

Hid open_file(std::string const& file, unsigned flags = H5F_ACC_RDONLY)
{
    return Hid{H5Fopen(file.c_str(), flags, H5P_DEFAULT)};
}

/// A dataset together with its file.
struct Opened
{
    explicit Opened(std::string const& path, char const* name = "/x", unsigned flags = H5F_ACC_RDONLY)
        : file(open_file(path, flags)), dataset(H5Dopen2(file.get(), name, H5P_DEFAULT))
    {}

    Hid file;
    Hid dataset;
};

std::vector<std::byte> stored_chunk(std::string const& file, hsize_t row)
{
    Opened const opened{file};
    hsize_t bytes = 0;
    EXPECT_GE(H5Dget_chunk_storage_size(opened.dataset.get(), &row, &bytes), 0);
    std::vector<std::byte> chunk(bytes);
    std::uint32_t skipped = 0;
    EXPECT_GE(H5Dread_chunk(opened.dataset.get(), H5P_DEFAULT, &row, &skipped, chunk.data()), 0);
    return chunk;
}

std::vector<H5Z_filter_t> filters_of(std::string const& file)
{
    Opened const opened{file};
    Hid const creation{H5Dget_create_plist(opened.dataset.get())};
    std::vector<H5Z_filter_t> filters;
    for (int i = 0; i < H5Pget_nfilters(creation.get()); ++i) {
        std::size_t values = 0;
        filters.push_back(
            H5Pget_filter2(creation.get(), static_cast<unsigned>(i), nullptr, &values, nullptr, 0, nullptr, nullptr));
    }
    return filters;
}

/// Extents and the limits that they may grow to.
std::pair<std::vector<hsize_t>, std::vector<hsize_t>> extents_and_limits(std::string const& file)
{
    Opened const opened{file};
    Hid const space{H5Dget_space(opened.dataset.get())};
    std::vector<hsize_t> extents(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space.get())));
    auto limits = extents;
    H5Sget_simple_extent_dims(space.get(), extents.data(), limits.data());
    return {extents, limits};
}

std::vector<std::byte> numbers(std::uint64_t first, std::uint64_t count)
{
    std::vector<std::int32_t> values(count);
    std::iota(values.begin(), values.end(), static_cast<std::int32_t>(first));
    auto const bytes = std::as_bytes(std::span{values});
    return {bytes.begin(), bytes.end()};
}

TensorSpec const number{DType::int32, {}};

class PassthroughTest : public testing::Test
{
  protected:
    /// Copies and finishes an output with a dataset of its own, which has to be whole too.
    void copy(std::vector<std::string> const& files, std::vector<std::uint64_t> const& rows, std::string const& name)
    {
        auto const total = std::accumulate(rows.begin(), rows.end(), std::uint64_t{0});
        auto const passthrough = check_passthrough(files, rows, {name}, External::follow);
        auto output = OutputFile::create(out_, total, {{"/y", number}}, true, passthrough);
        auto const bytes = numbers(7, total);
        output.write(0, {0, total}, bytes);
        output.finish({{"model", "m"}});
        EXPECT_EQ(test::read_dataset(out_, "/y"), bytes);
    }

    /// Makes a file with /x of numbers from `first` on.
    std::string add(std::string const& name, std::uint64_t first, std::uint64_t rows, test::StoredAs const& stored = {})
    {
        test::write_dataset(folder_ / name, "/x", number, rows, numbers(first, rows), stored);
        return folder_ / name;
    }

    test::TemporaryFolder folder_;
    std::string out_ = folder_ / "out.h5";
};

/// Adds to /x a number, texts, an attribute without a value, one of a named type, and a reference.
void add_attributes(std::string const& file)
{
    Opened const opened{file, "/x", H5F_ACC_RDWR};
    auto const dataset = opened.dataset.get();
    auto const write = [&](char const* name, hid_t type, hid_t space, void const* value) {
        Hid const attribute{H5Acreate2(dataset, name, type, space, H5P_DEFAULT, H5P_DEFAULT)};
        if (value != nullptr)
            EXPECT_GE(H5Awrite(attribute.get(), type, value), 0);
        else
            EXPECT_TRUE(attribute.valid());
    };
    Hid const one{H5Screate(H5S_SCALAR)};
    Hid const none{H5Screate(H5S_NULL)};
    hsize_t const three = 3;
    Hid const list{H5Screate_simple(1, &three, nullptr)};
    Hid const text{H5Tcopy(H5T_C_S1)};
    H5Tset_size(text.get(), H5T_VARIABLE);
    int const answer = 42;
    std::array<char const*, 3> const classes{"cat", "", "zebra"};
    hobj_ref_t reference{};
    EXPECT_GE(H5Rcreate(&reference, dataset, ".", H5R_OBJECT, -1), 0);
    write("answer", H5T_STD_I32BE, one.get(), nullptr);
    Hid const number_attribute{H5Aopen(dataset, "answer", H5P_DEFAULT)};
    EXPECT_GE(H5Awrite(number_attribute.get(), H5T_NATIVE_INT, &answer), 0);
    write("classes", text.get(), list.get(), classes.data());
    char const* const unit = "pixels";
    Hid const named{H5Tcopy(text.get())};
    EXPECT_GE(H5Tcommit2(opened.file.get(), "text", named.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), 0);
    write("unit", named.get(), one.get(), &unit);
    write("empty", H5T_NATIVE_INT, none.get(), nullptr);
    write("scale", H5T_STD_REF_OBJ, one.get(), &reference);
}

void expect_attributes(std::string const& file)
{
    Opened const opened{file};
    auto const dataset = opened.dataset.get();
    EXPECT_EQ(test::read_attribute(file, "/x", "unit"), "pixels");
    int answer = 0;
    Hid const number_attribute{H5Aopen(dataset, "answer", H5P_DEFAULT)};
    EXPECT_GE(H5Aread(number_attribute.get(), H5T_NATIVE_INT, &answer), 0);
    EXPECT_EQ(answer, 42);
    Hid const stored{H5Aget_type(number_attribute.get())};
    EXPECT_GT(H5Tequal(stored.get(), H5T_STD_I32BE), 0);
    Hid const classes{H5Aopen(dataset, "classes", H5P_DEFAULT)};
    Hid const text{H5Aget_type(classes.get())};
    Hid const list{H5Aget_space(classes.get())};
    std::array<char*, 3> texts{};
    EXPECT_GE(H5Aread(classes.get(), text.get(), texts.data()), 0);
    EXPECT_EQ((std::vector<std::string>{texts[0], texts[1], texts[2]}), (std::vector<std::string>{"cat", "", "zebra"}));
    H5Dvlen_reclaim(text.get(), list.get(), H5P_DEFAULT, texts.data());
    Hid const empty{H5Aopen(dataset, "empty", H5P_DEFAULT)};
    Hid const none{H5Aget_space(empty.get())};
    EXPECT_EQ(H5Sget_simple_extent_type(none.get()), H5S_NULL);
    // What it points to is not there.
    EXPECT_EQ(H5Aexists(dataset, "scale"), 0);
}

} // namespace

TEST_F(PassthroughTest, AttributesAreKept)
{
    auto const first = add("a.h5", 0, 5);
    auto const second = add("b.h5", 5, 3);
    add_attributes(first);
    copy({first}, {5}, "/x");
    expect_attributes(out_);
    copy({first, second}, {5, 3}, "/x");
    expect_attributes(out_);
}

TEST_F(PassthroughTest, ChunksOfOneFileAreKeptAsTheyAre)
{
    auto const file = add("a.h5", 0, 1000, {.chunk = {64}, .deflate = 4, .shuffle = true});
    copy({file}, {1000}, "/x");
    EXPECT_EQ(filters_of(out_), (std::vector{H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE}));
    for (hsize_t const row : {0U, 64U, 960U}) EXPECT_EQ(stored_chunk(out_, row), stored_chunk(file, row));
    EXPECT_EQ(test::read_dataset(out_, "/x"), numbers(0, 1000));
}

TEST_F(PassthroughTest, ChunksOfOneFileNeedNoFilter)
{
    write_filtered(folder_ / "a.h5", 0, 8, 0);
    copy({folder_ / "a.h5"}, {8}, "/x");
    EXPECT_EQ(filters_of(out_), std::vector{PassingFilter::id});
    PassingFilter const filter;
    EXPECT_EQ(test::read_dataset(out_, "/x"), std::vector<std::byte>(8, std::byte{5}));
}

TEST_F(PassthroughTest, JoinedDatasetsKeepChunksAndFilters)
{
    test::StoredAs const stored{.chunk = {64}, .deflate = 4, .shuffle = true, .fletcher32 = true};
    auto const first = add("a.h5", 0, 100, stored);
    auto const second = add("b.h5", 100, 77);
    copy({first, second}, {100, 77}, "/x");
    EXPECT_EQ(filters_of(out_), filters_of(first));
    EXPECT_EQ(test::read_dataset(out_, "/x"), numbers(0, 177));
    EXPECT_EQ(extents_and_limits(out_).second, std::vector<hsize_t>{177});
}

/// A chunk may be no larger than a dataset that cannot grow, as the second file's rows alone are.
TEST_F(PassthroughTest, JoinedDatasetsKeepTheirLimits)
{
    auto const make = [&](std::string const& name, hsize_t rows, hsize_t limit) {
        hsize_t const chunk = 50;
        Hid const file{H5Fcreate((folder_ / name).c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT)};
        Hid const space{H5Screate_simple(1, &rows, &limit)};
        Hid const creation{H5Pcreate(H5P_DATASET_CREATE)};
        H5Pset_chunk(creation.get(), 1, &chunk);
        Hid const dataset{
            H5Dcreate2(file.get(), "/x", H5T_NATIVE_INT32, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT)};
        return folder_ / name;
    };
    copy({make("a.h5", 10, 100), make("b.h5", 20, H5S_UNLIMITED)}, {10, 20}, "/x");
    EXPECT_EQ(extents_and_limits(out_), (std::pair{std::vector<hsize_t>{30}, std::vector<hsize_t>{100}}));
    copy({folder_ / "b.h5", folder_ / "a.h5"}, {20, 10}, "/x");
    EXPECT_EQ(extents_and_limits(out_), (std::pair{std::vector<hsize_t>{30}, std::vector<hsize_t>{H5S_UNLIMITED}}));
}

TEST_F(PassthroughTest, JoinedDatasetsMayBeLargerThanABlock)
{
    constexpr std::uint64_t rows = 5'000'000; // 20 MB
    auto const first = add("a.h5", 0, rows, {.chunk = {70'001}});
    auto const second = add("b.h5", rows, rows);
    copy({first, second}, {rows, rows}, "/x");
    EXPECT_EQ(test::read_dataset(out_, "/x"), numbers(0, 2 * rows));
}

TEST_F(PassthroughTest, JoinedTextsMayBeLargerThanABlock)
{
    std::vector<std::string> texts;
    for (std::size_t row = 0; row < 40; ++row) texts.emplace_back(1 << 20, static_cast<char>('a' + row % 26));
    auto const first = add("a.h5", 0, 1);
    auto const second = add("b.h5", 0, 1);
    test::write_strings(first, "/texts", texts);
    test::write_strings(second, "/texts", texts);
    copy({first, second}, {40, 40}, "/texts");
    auto both = texts;
    both.insert(both.end(), texts.begin(), texts.end());
    EXPECT_EQ(test::values_of(out_, "/texts"), both);
}

TEST_F(PassthroughTest, RowsOfSeveralAxesAndOfNone)
{
    for (std::vector<std::int64_t> const& row : {std::vector<std::int64_t>{2, 3}, {0, 3}}) {
        TensorSpec const spec{DType::int32, row};
        auto const count = static_cast<std::uint64_t>(row[0] * row[1]);
        auto const name = "/" + std::to_string(row[0]);
        test::write_dataset(folder_ / "a.h5", name, spec, 4, numbers(0, 4 * count));
        test::write_dataset(folder_ / "b.h5", name, spec, 5, numbers(4 * count, 5 * count));
        copy({folder_ / "a.h5", folder_ / "b.h5"}, {4, 5}, name);
        EXPECT_EQ(test::read_dataset(out_, name), numbers(0, 9 * count));
        copy({folder_ / "a.h5"}, {4}, name);
        EXPECT_EQ(test::read_dataset(out_, name), numbers(0, 4 * count));
    }
}

TEST_F(PassthroughTest, NamesInGroupsAndWithoutTheFirstSlash)
{
    test::write_dataset(folder_ / "a.h5", "/deep/er/x", number, 3, numbers(0, 3));
    copy({folder_ / "a.h5"}, {3}, "deep/er/x");
    EXPECT_EQ(test::read_dataset(out_, "/deep/er/x"), numbers(0, 3));
}

TEST_F(PassthroughTest, VirtualDatasetsBecomeValues)
{
    auto const source = add("source.h5", 0, 6);
    auto const file = add("a.h5", 0, 1);
    {
        hsize_t const six = 6;
        Hid const space{H5Screate_simple(1, &six, nullptr)};
        Hid const creation{H5Pcreate(H5P_DATASET_CREATE)};
        H5Pset_virtual(creation.get(), space.get(), "source.h5", "/x", space.get());
        auto const opened = open_file(file, H5F_ACC_RDWR);
        Hid const made{
            H5Dcreate2(opened.get(), "/v", H5T_STD_I32LE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT)};
        EXPECT_TRUE(made.valid());
    }
    copy({file}, {6}, "/v");
    std::filesystem::remove(source);
    EXPECT_EQ(test::read_dataset(out_, "/v"), numbers(0, 6));
}

TEST_F(PassthroughTest, ExternalStorageBecomesValues)
{
    auto const file = add("a.h5", 0, 1);
    auto const raw = folder_ / "raw.bin";
    {
        hsize_t const six = 6;
        Hid const space{H5Screate_simple(1, &six, nullptr)};
        Hid const creation{H5Pcreate(H5P_DATASET_CREATE)};
        H5Pset_external(creation.get(), raw.c_str(), 0, 24);
        auto const opened = open_file(file, H5F_ACC_RDWR);
        Hid const made{
            H5Dcreate2(opened.get(), "/e", H5T_STD_I32LE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT)};
        EXPECT_GE(H5Dwrite(made.get(), H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers(0, 6).data()), 0);
    }
    copy({file}, {6}, "/e");
    std::filesystem::remove(raw);
    EXPECT_EQ(test::read_dataset(out_, "/e"), numbers(0, 6));
}

TEST_F(PassthroughTest, LinksAreFollowedIntoOtherFiles)
{
    auto const other = add("other.h5", 0, 6, {.chunk = {4}, .deflate = 1});
    auto const file = add("a.h5", 0, 1);
    {
        auto const opened = open_file(file, H5F_ACC_RDWR);
        EXPECT_GE(H5Lcreate_external("other.h5", "/x", opened.get(), "far", H5P_DEFAULT, H5P_DEFAULT), 0);
        EXPECT_GE(H5Lcreate_soft("/far", opened.get(), "near", H5P_DEFAULT, H5P_DEFAULT), 0);
    }
    for (std::string const name : {"/far", "/near"}) {
        copy({file}, {6}, name);
        EXPECT_EQ(test::read_dataset(out_, name), numbers(0, 6));
    }
    std::filesystem::remove(other);
    EXPECT_EQ(test::read_dataset(out_, "/near"), numbers(0, 6));
}

TEST_F(PassthroughTest, FilesOfTheLatestFormat)
{
    Hid const access{H5Pcreate(H5P_FILE_ACCESS)};
    H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    hsize_t const rows = 100;
    hsize_t const unlimited = H5S_UNLIMITED;
    hsize_t const chunk = 8;
    auto const path = folder_ / "a.h5";
    {
        Hid const file{H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, access.get())};
        Hid const space{H5Screate_simple(1, &rows, &unlimited)};
        Hid const creation{H5Pcreate(H5P_DATASET_CREATE)};
        H5Pset_chunk(creation.get(), 1, &chunk);
        Hid const made{
            H5Dcreate2(file.get(), "/x", H5T_STD_I32LE, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT)};
        EXPECT_GE(H5Dwrite(made.get(), H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers(0, rows).data()), 0);
    }
    copy({path}, {rows}, "/x");
    EXPECT_EQ(test::read_dataset(out_, "/x"), numbers(0, rows));
    auto const second = add("b.h5", rows, rows);
    copy({path, second}, {rows, rows}, "/x");
    EXPECT_EQ(test::read_dataset(out_, "/x"), numbers(0, 2 * rows));
}

/// The source may hold the same file open, as that of the model's inputs does.
TEST_F(PassthroughTest, SeveralDatasetsOfAFileThatIsInUse)
{
    auto const file = add("a.h5", 0, 6);
    test::write_dataset(file, "/labels", number, 6, numbers(100, 6));
    Opened const in_use{file};
    auto const passthrough = check_passthrough({file}, {6}, {"/x", "/labels"});
    EXPECT_EQ(passthrough.bytes, 48U);
    OutputFile::create(out_, 6, {}, false, passthrough).finish({});
    EXPECT_EQ(test::read_dataset(out_, "/x"), numbers(0, 6));
    EXPECT_EQ(test::read_dataset(out_, "/labels"), numbers(100, 6));
}

} // namespace distinfer::io
