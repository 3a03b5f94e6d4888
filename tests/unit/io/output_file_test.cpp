#include "distinfer/core/buffer.hpp"
#include "distinfer/io/hdf5_read.hpp"
#include "distinfer/io/output_file.hpp"
#include "expect_error.hpp"
#include "support/hdf5_file.hpp"
#include "support/hdf5_values.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <thread>

namespace distinfer::io
{

namespace
{

using Bytes = std::vector<std::byte>;

Bytes pattern(std::size_t count, unsigned seed)
{
    Bytes bytes(count);
    for (auto& byte : bytes) {
        seed = seed * 1664525U + 1013904223U;
        byte = static_cast<std::byte>(seed >> 24U);
    }
    return bytes;
}

/// Writes all rows in windows of `step` rows, the last window first.
void write_backwards(OutputFile& file, std::size_t dataset, Bytes const& bytes, std::uint64_t step)
{
    auto const row_bytes = file.datasets()[dataset].row_bytes;
    for (auto end = file.rows(); end > 0;) {
        auto const begin = end > step ? end - step : 0;
        auto const part = std::span{bytes}.subspan(begin * row_bytes, (end - begin) * row_bytes);
        file.write(dataset, {begin, end}, part);
        end = begin;
    }
}

class OutputFileTest : public testing::Test
{
  protected:
    OutputFile create(std::uint64_t rows, std::vector<OutputDataset> datasets, bool overwrite = false)
    {
        return OutputFile::create(path_, rows, std::move(datasets), overwrite);
    }

    test::TemporaryFolder folder_;
    std::string path_ = folder_ / "out.h5";
};

} // namespace

TEST_F(OutputFileTest, RowsWrittenInAnyOrderAreReadBackInOrder)
{
    std::vector<OutputDataset> const datasets{{"/logits", {DType::float32, {7}}},
                                              {"features/deep/last", {DType::float16, {2, 3}}},
                                              {"/mask", {DType::boolean, {}}}};
    auto file = create(101, datasets);
    std::vector<Bytes> written;
    for (std::size_t i = 0; i < datasets.size(); ++i) {
        written.push_back(pattern(101 * file.datasets()[i].row_bytes, static_cast<unsigned>(i)));
        if (i == 2) std::ranges::transform(written[i], written[i].begin(), [](auto b) { return b & std::byte{1}; });
        write_backwards(file, i, written[i], 8);
    }
    file.finish({{"version", "1"}});
    for (std::size_t i = 0; i < datasets.size(); ++i) {
        EXPECT_EQ(test::read_dataset(path_, datasets[i].name), written[i]);
        EXPECT_EQ(describe(path_, datasets[i].name).spec, datasets[i].spec);
        EXPECT_EQ(describe(path_, datasets[i].name).rows, 101U);
    }
}

TEST_F(OutputFileTest, EveryTypeIsReadBackAsItself)
{
    std::vector<OutputDataset> datasets;
    for (auto const name : dtype_names()) datasets.push_back({std::string{name}, {parse_dtype(name).value(), {3}}});
    create(2, datasets).finish({});
    for (auto const& dataset : datasets) EXPECT_EQ(describe(path_, dataset.name).spec, dataset.spec) << dataset.name;
}

TEST_F(OutputFileTest, TheNameAppearsOnlyInFinish)
{
    auto file = create(4, {{"/x", {DType::uint8, {}}}});
    EXPECT_FALSE(std::filesystem::exists(path_));
    EXPECT_TRUE(std::filesystem::exists(part_path(path_)));
    file.write(0, {0, 4}, pattern(4, 1));
    EXPECT_FALSE(std::filesystem::exists(path_));
    file.finish({});
    EXPECT_TRUE(std::filesystem::exists(path_));
    EXPECT_FALSE(std::filesystem::exists(part_path(path_)));
}

TEST_F(OutputFileTest, AnUnfinishedOutputLeavesNothing)
{
    {
        auto file = create(4, {{"/x", {DType::uint8, {}}}});
        auto const moved = std::move(file);
        EXPECT_TRUE(std::filesystem::exists(part_path(path_)));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(OutputFileTest, AnOldOutputStaysUntilTheNewOneIsWhole)
{
    create(1, {{"/old", {DType::uint8, {}}}}).finish({});
    EXPECT_THROW(create(1, {{"/new", {DType::uint8, {}}}}), OutputError);
    auto file = create(1, {{"/new", {DType::uint8, {}}}}, true);
    EXPECT_EQ(list_datasets(path_), std::vector<std::string>{"/old"});
    file.finish({});
    EXPECT_EQ(list_datasets(path_), std::vector<std::string>{"/new"});
}

TEST_F(OutputFileTest, ALeftOverPartIsReplaced)
{
    file::write_atomically(part_path(path_), std::string(100000, 'x'));
    create(1, {{"/x", {DType::uint8, {}}}}).finish({});
    EXPECT_EQ(list_datasets(path_), std::vector<std::string>{"/x"});
}

TEST_F(OutputFileTest, NoRowsAndRowsWithoutElements)
{
    create(0, {{"/x", {DType::float32, {5}}}, {"/y", {DType::float32, {}}}}).finish({});
    EXPECT_EQ(describe(path_, "/x").rows, 0U);
    EXPECT_EQ(describe(path_, "/x").spec.row_shape, std::vector<std::int64_t>{5});
    auto file = create(3, {{"/none", {DType::float32, {0}}}, {"/some", {DType::uint8, {}}}}, true);
    file.write(0, {1, 3}, {});
    file.write(1, {0, 3}, pattern(3, 1));
    file.finish({});
    EXPECT_EQ(describe(path_, "/none").rows, 3U);
    EXPECT_EQ(test::read_dataset(path_, "/some"), pattern(3, 1));
}

TEST_F(OutputFileTest, AKeptPartIsGoneOnWith)
{
    std::vector<OutputDataset> const datasets{{"/x", {DType::uint8, {5}}}, {"/y", {DType::float32, {3}}}};
    auto const x = pattern(5 * 100, 1);
    auto const y = pattern(12 * 100, 2);
    std::vector<PlacedDataset> placed;
    Bytes image;
    {
        auto file = create(100, datasets);
        placed = file.datasets();
        image = file.read_image();
        file.keep();
        file.write(0, {0, 40}, std::span{x}.first(5 * 40));
        file.write(1, {0, 100}, y);
    }
    auto file = OutputFile::go_on(path_, 100, placed, false, image);
    file.write(0, {40, 100}, std::span{x}.subspan(5 * 40));
    file.finish({{"version", "2"}});
    EXPECT_EQ(test::read_dataset(path_, "/x"), x);
    EXPECT_EQ(test::read_dataset(path_, "/y"), y);
    EXPECT_EQ(test::read_attribute(path_, "/dist-infer", "version"), "2");
}

/// A process can be killed while HDF5 adds attributes: the part is then cut, or garbage, anywhere beside the rows.
TEST_F(OutputFileTest, MetadataThatWasLeftHalfWrittenIsPutBack)
{
    auto const x = pattern(5 * 100, 1);
    auto file = create(100, {{"/x", {DType::uint8, {5}}}});
    auto const placed = file.datasets();
    auto const image = file.read_image();
    file.keep();
    file.write(0, {0, 100}, x);
    file.seal({{"config", std::string(5000, 'x')}});
    auto const size = std::filesystem::file_size(part_path(path_));
    test::flip_bits(part_path(path_), 0, 800);
    auto const behind = placed[0].offset + x.size();
    test::flip_bits(part_path(path_), behind, size - behind);
    auto again = OutputFile::go_on(path_, 100, placed, false, image);
    again.finish({{"config", "short"}});
    EXPECT_EQ(test::read_dataset(path_, "/x"), x);
    EXPECT_EQ(test::read_attribute(path_, "/dist-infer", "config"), "short");
}

TEST_F(OutputFileTest, ABrokenImageIsRefused)
{
    auto file = create(4, {{"/x", {DType::uint8, {}}}});
    auto const placed = file.datasets();
    auto image = file.read_image();
    file.keep();
    image.resize(image.size() - 1);
    expect_error<OutputError>([&] { OutputFile::go_on(path_, 4, placed, false, image); }, {"its ledger is damaged"});
}

TEST_F(OutputFileTest, RowsBeginWithAPage)
{
    auto const file = create(1000, {{"/x", {DType::uint8, {5}}}, {"/y", {DType::float32, {3}}}});
    for (auto const& placed : file.datasets()) EXPECT_EQ(placed.offset % 4096, 0U) << placed.dataset.name;
}

TEST_F(OutputFileTest, NoDatasetsAtAll)
{
    create(5, {}).finish({{"note", "empty"}});
    EXPECT_EQ(list_datasets(path_), std::vector<std::string>{});
}

TEST_F(OutputFileTest, SpaceIsTakenAtOnce)
{
    auto const file = create(1 << 20, {{"/x", {DType::float32, {}}}});
    struct stat about = {};
    ASSERT_EQ(::stat(part_path(path_).c_str(), &about), 0);
    EXPECT_GE(about.st_blocks * 512, 4 << 20);
    EXPECT_GE(about.st_size, 4 << 20);
}

TEST_F(OutputFileTest, AttributesAreText)
{
    std::string const longer(100000, 'a');
    std::map<std::string, std::string> const attributes{
        {"version", "0.1.0"}, {"config", "a: \xc3\xbc\nb: 2\n"}, {"empty", ""}, {"long", longer}};
    create(1, {{"/dist-infer/rows", {DType::uint8, {}}}}).finish(attributes);
    for (auto const& [name, text] : attributes) EXPECT_EQ(test::read_attribute(path_, "/dist-infer", name), text);
}

TEST_F(OutputFileTest, ThreadsMayWriteTogether)
{
    auto file = create(4000, {{"/x", {DType::uint16, {5}}}});
    auto const bytes = pattern(40000, 3);
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t begin = 0; begin < 4000; begin += 1000) {
            threads.emplace_back([&, begin] {
                for (auto row = begin; row < begin + 1000; ++row) {
                    file.write(0, {row, row + 1}, std::span{bytes}.subspan(row * 10, 10));
                }
            });
        }
    }
    file.finish({});
    EXPECT_EQ(test::read_dataset(path_, "/x"), bytes);
}

TEST_F(OutputFileTest, WrongCallsAreOurBugs)
{
    auto file = create(4, {{"/x", {DType::uint8, {}}}});
    EXPECT_THROW(file.write(0, {3, 5}, pattern(2, 1)), InternalError);
    EXPECT_THROW(file.write(0, {0, 2}, pattern(3, 1)), InternalError);
    EXPECT_THROW(file.write(1, {0, 1}, pattern(1, 1)), InternalError);
    file.finish({});
    EXPECT_THROW(file.write(0, {0, 1}, pattern(1, 1)), InternalError);
    EXPECT_THROW(file.finish({}), InternalError);
}

TEST_F(OutputFileTest, TheSinkStoresEveryTensorOfAWindow)
{
    TensorSpec const logits{DType::float32, {3}};
    TensorSpec const label{DType::int64, {}};
    auto file = create(10, {{"/logits", logits}, {"/label", label}});
    PayloadLayout const layout{{logits, label}};
    OutputSink sink{file, layout};
    auto const first = pattern(120, 1);
    auto const second = pattern(80, 2);
    for (RowRange const rows : {RowRange{6, 10}, RowRange{0, 6}, RowRange{6, 6}}) {
        Buffer window{layout.bytes(rows.size())};
        auto const to = window.span();
        std::copy_n(first.begin() + static_cast<long>(12 * rows.begin), 12 * rows.size(), to.begin());
        std::copy_n(second.begin() + static_cast<long>(8 * rows.begin), 8 * rows.size(),
                    to.begin() + static_cast<long>(layout.offset(1, rows.size())));
        sink.store(rows, to);
    }
    file.finish({});
    EXPECT_EQ(test::read_dataset(path_, "/logits"), first);
    EXPECT_EQ(test::read_dataset(path_, "/label"), second);
}

TEST_F(OutputFileTest, AFileThatComesMeanwhileIsKept)
{
    auto output = create(1, {{"/y", {DType::uint8, {}}}});
    std::ofstream{path_} << "precious";
    EXPECT_THROW(output.finish({}), OutputError);
    std::string word;
    std::ifstream{path_} >> word;
    EXPECT_EQ(word, "precious");
}

TEST_F(OutputFileTest, BadRowsAreListedWhereAListIsAskedFor)
{
    auto file = create(9, {{"/x", {DType::uint8, {}}}});
    file.seal({{"note", "text"}}, std::vector<BadRow>{{3, "too large"}, {1ULL << 40U, "größer"}});
    file.publish();
    std::array<std::uint64_t, 2> rows{};
    auto const bytes = test::read_dataset(path_, "/dist-infer/bad_rows");
    ASSERT_EQ(bytes.size(), sizeof rows);
    std::memcpy(rows.data(), bytes.data(), sizeof rows);
    EXPECT_EQ(rows, (std::array<std::uint64_t, 2>{3, 1ULL << 40U}));
    EXPECT_EQ(test::values_of(path_, "/dist-infer/bad_row_reasons"), (std::vector<std::string>{"too large", "größer"}));

    auto none = create(9, {{"/x", {DType::uint8, {}}}}, true);
    none.seal({}, std::vector<BadRow>{});
    none.publish();
    EXPECT_TRUE(test::read_dataset(path_, "/dist-infer/bad_rows").empty());
}

/// A list changes metadata that a run which goes on has to find as it was.
TEST_F(OutputFileTest, AListThatWasMadeIsTakenBackWithTheImage)
{
    auto file = create(9, {{"/x", {DType::uint8, {}}}});
    auto const datasets = file.datasets();
    auto const image = file.read_image();
    auto const bytes = std::filesystem::file_size(part_path(path_));
    file.keep();
    file.seal({{"note", "text"}}, std::vector<BadRow>(5000, {7, "a reason"}));
    EXPECT_GT(std::filesystem::file_size(part_path(path_)), bytes);
    auto again = OutputFile::go_on(path_, 9, datasets, false, image);
    EXPECT_EQ(std::filesystem::file_size(part_path(path_)), bytes);
    again.seal({{"note", "text"}}, std::vector<BadRow>{{8, "another"}});
    again.publish();
    EXPECT_EQ(test::values_of(path_, "/dist-infer/bad_row_reasons"), (std::vector<std::string>{"another"}));
}

TEST_F(OutputFileTest, TheNamesOfTheListAreTaken)
{
    for (auto const* name : {"/dist-infer/bad_rows", "/dist-infer/bad_row_reasons/x"})
        expect_error<OutputError>([&] { create(1, {{name, {DType::uint8, {}}}}); }, {"own list", name});
}

} // namespace distinfer::io
