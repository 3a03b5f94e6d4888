#include "distinfer/file/file.hpp"
#include "distinfer/io/output_file.hpp"
#include "expect_error.hpp"
#include "full_disk.hpp"
#include "hdf5_handle.hpp"
#include "passing_filter.hpp"
#include "support/hdf5_file.hpp"
#include "support/hdf5_values.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace distinfer::io
{

namespace
{

TensorSpec const byte_row{DType::uint8, {}};

class PassthroughErrorsTest : public testing::Test
{
  protected:
    std::string add(std::string const& name, std::string const& dataset, std::uint64_t rows,
                    TensorSpec const& spec = byte_row)
    {
        test::write_dataset(folder_ / name, dataset, spec, rows, {});
        return folder_ / name;
    }

    template <class Kind = InputError>
    void expect_refused(std::vector<std::string> const& files, std::vector<std::uint64_t> const& rows,
                        std::vector<std::string> const& datasets, std::initializer_list<std::string_view> words)
    {
        expect_error<Kind>([&] { check_passthrough(files, rows, datasets); }, words);
    }

    test::TemporaryFolder folder_;
    std::string a_ = add("a.h5", "/x", 4);
    std::string b_ = add("b.h5", "/x", 6);
    std::string out_ = folder_ / "out.h5";
};

/// HDF5 cannot be used any more once a close has failed, so each of these runs in a process of its own.
class PassthroughErrorsDeathTest : public PassthroughErrorsTest
{
  protected:
    PassthroughErrorsDeathTest()
    {
        test::write_strings(a_, "/texts", std::vector<std::string>(3, std::string(1 << 20, 'x')));
    }

    /// Copies texts of 3 MiB, and ends the process with the code of the error, if nothing was left behind.
    void copy_and_exit(std::vector<std::string> const& files)
    {
        try {
            std::vector<std::uint64_t> const rows(files.size(), 3);
            auto const passthrough = check_passthrough(files, rows, {"/texts"});
            OutputFile::create(out_, passthrough.rows, {{"/y", byte_row}}, false, passthrough);
        } catch (Error const& error) {
            std::cerr << error.what();
            for (auto const* suffix : {"", ".part", ".lock"})
                if (std::filesystem::exists(out_ + suffix)) std::_Exit(1);
            std::_Exit(static_cast<int>(error.code()));
        }
        std::_Exit(1);
    }
};

} // namespace

TEST_F(PassthroughErrorsTest, NoDatasetsNeedNoFile)
{
    auto const passthrough = check_passthrough({folder_ / "nowhere.npy"}, {4}, {});
    EXPECT_TRUE(passthrough.datasets.empty());
    EXPECT_EQ(passthrough.bytes, 0U);
}

TEST_F(PassthroughErrorsTest, OtherRowsThanTheInputs)
{
    expect_refused({a_, b_}, {4, 5}, {"/x"},
                   {"cannot copy /x in " + b_, "it has 6 rows, and the model's inputs have 5 there"});
}

TEST_F(PassthroughErrorsTest, DatasetsThatAreNotThere)
{
    add("a.h5", "/labels", 4);
    expect_refused({a_}, {4}, {"/label"}, {"there is no dataset '/label' in " + a_, "did you mean '/labels'"});
    expect_refused({a_, b_}, {4, 6}, {"/labels"}, {"there is no dataset '/labels' in " + b_});
}

TEST_F(PassthroughErrorsTest, GroupsAndSingleValues)
{
    add("a.h5", "/meta/ids", 4);
    expect_refused({a_}, {4}, {"/meta"}, {"/meta in " + a_ + " is not a dataset", "it is a group", "/meta/ids"});
    {
        Hid const file{H5Fopen(a_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)};
        Hid const space{H5Screate(H5S_SCALAR)};
        Hid const made{
            H5Dcreate2(file.get(), "one", H5T_NATIVE_INT, space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)};
    }
    expect_refused({a_}, {4}, {"/one"}, {"/one in " + a_, "it is a single value", "an axis of rows"});
}

TEST_F(PassthroughErrorsTest, NamesThatCannotBe)
{
    for (std::string const name : {"", "/", "/x/", "//x", "/./x"})
        expect_refused<ConfigError>({a_}, {4}, {name}, {"output.passthrough", "cannot name a dataset"});
    for (std::string const name : {"/dist-infer", "/dist-infer/x"})
        expect_refused<ConfigError>({a_}, {4}, {name}, {name, "dist-infer's own group"});
    expect_refused<ConfigError>({a_}, {4}, {"/x", "x"}, {"output.passthrough has /x twice"});
}

TEST_F(PassthroughErrorsTest, NamesOfOutputs)
{
    for (std::string const output : {"/x", "x", "/x/y"})
        expect_error<OutputError>(
            [&] {
                OutputFile::create(out_, 4, {{output, byte_row}}, false, check_passthrough({a_}, {4}, {"/x"}));
            },
            {"cannot create " + out_, "output.passthrough has /x", "model.outputs"});
    EXPECT_FALSE(std::filesystem::exists(part_path(out_)));
}

TEST_F(PassthroughErrorsTest, References)
{
    hsize_t const rows = 4;
    {
        Hid const file{H5Fopen(a_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)};
        Hid const space{H5Screate_simple(1, &rows, nullptr)};
        Hid const list{H5Tvlen_create(H5T_STD_REF_OBJ)};
        for (auto const& [name, type] : {std::pair{"refs", H5T_STD_REF_OBJ}, std::pair{"lists", list.get()}})
            Hid const made{H5Dcreate2(file.get(), name, type, space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)};
    }
    for (std::string const name : {"/refs", "/lists"})
        expect_refused({a_}, {4}, {name}, {"cannot copy " + name + " in " + a_, "it holds references"});
}

TEST_F(PassthroughErrorsTest, FilesThatDoNotFitTogether)
{
    expect_refused({a_, add("c.h5", "/x", 4, {DType::int8, {}})}, {4, 4}, {"/x"},
                   {"/x in " + a_ + " is [rows] of uint8", "c.h5 is [rows] of int8"});
    expect_refused({a_, add("d.h5", "/x", 4, {DType::uint8, {3}})}, {4, 4}, {"/x"},
                   {"/x in " + a_ + " is [rows] of uint8", "d.h5 is [rows, 3] of uint8", "same type and row shape"});
    test::write_dataset(folder_ / "little.h5", "/x", {DType::int32, {}}, 4, {});
    test::write_dataset(folder_ / "big.h5", "/x", {DType::int32, {}}, 4, {}, {.big_endian = true});
    expect_refused({folder_ / "little.h5", folder_ / "big.h5"}, {4, 4}, {"/x"}, {"of int32, in another byte order"});
}

TEST_F(PassthroughErrorsTest, FiltersThatAreMissingMatterWhereChunksAreJoined)
{
    auto const file = folder_ / "filtered.h5";
    write_filtered(file, 0, 8, 0);
    check_passthrough({file}, {8}, {"/x"});
    expect_refused({file, a_}, {8, 4}, {"/x"}, {"cannot read /x in " + file, "filter 32001 (blosc) is not available"});
}

TEST_F(PassthroughErrorsTest, FilesOfAnotherFormat)
{
    file::write_atomically(folder_ / "a.npy", "\x93NUMPY");
    expect_refused({folder_ / "a.npy"}, {4}, {"/x"},
                   {"cannot copy datasets of " + folder_ / "a.npy", "not an HDF5 file", "output.passthrough"});
}

TEST_F(PassthroughErrorsTest, StorageThatIsNotThere)
{
    {
        hsize_t const rows = 4;
        Hid const file{H5Fopen(a_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)};
        Hid const space{H5Screate_simple(1, &rows, nullptr)};
        Hid const external{H5Pcreate(H5P_DATASET_CREATE)};
        H5Pset_external(external.get(), (folder_ / "raw.bin").c_str(), 0, 4);
        Hid const virtual_source{H5Pcreate(H5P_DATASET_CREATE)};
        H5Pset_virtual(virtual_source.get(), space.get(), "gone.h5", "/x", space.get());
        for (auto const& [name, creation] :
             {std::pair{"external", external.get()}, std::pair{"virtual", virtual_source.get()}})
            Hid const made{H5Dcreate2(file.get(), name, H5T_STD_U8LE, space.get(), H5P_DEFAULT, creation, H5P_DEFAULT)};
    }
    expect_refused({a_}, {4}, {"/external"},
                   {"/external in " + a_, "outside the file", "raw.bin", "input.allow_external: true"});
    expect_refused({a_}, {4}, {"/virtual"}, {"/virtual in " + a_, "source file gone.h5"});
}

TEST_F(PassthroughErrorsTest, CopiesAreCountedBeforeADiskIsFilled)
{
    FileSizeLimit const limit{1 << 20};
    Passthrough const passthrough{.files = {a_}, .datasets = {"/x"}, .rows = 4, .bytes = 1 << 20};
    expect_error<OutputError>(
        [&] {
            OutputFile::create(out_, 4, {{"/y", byte_row}}, false, passthrough);
        },
        {"it needs 1048580 bytes", "ulimit -f"});
    EXPECT_FALSE(std::filesystem::exists(part_path(out_)));
}

TEST_F(PassthroughErrorsDeathTest, AFileThatMayNotBeThatLargeLeavesNothing)
{
    auto const fail = [&] {
        FileSizeLimit const limit{1 << 20};
        copy_and_exit({a_});
    };
    EXPECT_EXIT(fail(), testing::ExitedWithCode(7), "cannot copy /texts to .*out.h5.part \\(File too large\\)");
}

TEST_F(PassthroughErrorsDeathTest, ADiskThatIsFullNamesTheDatasetAndLeavesNothing)
{
    SmallDisk const disk{folder_ / "disk"};
    // ctest would take the whole program as skipped where one test says so.
    if (!disk.mounted()) return;
    out_ = folder_ / "disk/out.h5";
    constexpr auto message = "cannot copy /texts to .*out.h5.part \\(No space left on device\\); make room";
    EXPECT_EXIT(copy_and_exit({a_}), testing::ExitedWithCode(7), message);
    EXPECT_EXIT(copy_and_exit({a_, a_}), testing::ExitedWithCode(7), message);
}

} // namespace distinfer::io
