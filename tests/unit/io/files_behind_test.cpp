// The files that a dataset has its rows from are known, so that it is seen when one of them changes.
#include "distinfer/io/hdf5_source.hpp"
#include "distinfer/io/joined_source.hpp"
#include "support/hdf5_file.hpp"
#include "support/hdf5_id.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace distinfer::io
{

namespace
{

using test::check;
using test::Id;
using Paths = std::vector<std::string>;

constexpr hsize_t rows = 4;
TensorSpec const spec{DType::uint8, {}};

class FilesBehindTest : public testing::Test
{
  protected:
    FilesBehindTest()
    {
        std::filesystem::create_directories(folder_ / "far");
        test::write_dataset(file_, "/own", spec, rows, {});
    }

    /// Adds a file of one dataset.
    std::string add(std::string const& name, std::string const& dataset = "/x") const
    {
        test::write_dataset(folder_ / name, dataset, spec, rows, {});
        return canonical(name);
    }

    std::string canonical(std::string const& name) const { return std::filesystem::canonical(folder_ / name).string(); }

    void add_virtual(std::string const& file, std::string const& source, std::string const& dataset) const
    {
        test::write_virtual(folder_ / file, "/v", spec, rows, source, dataset);
    }

    /// A dataset of as many blocks as there are.
    void add_pattern(std::string const& file, std::string const& source, std::string const& dataset) const
    {
        hsize_t const none = 0;
        hsize_t const unlimited = H5S_UNLIMITED;
        Id const space{H5Screate_simple(1, &none, &unlimited)};
        Id const from{H5Screate_simple(1, &rows, nullptr)};
        check(H5Sselect_hyperslab(space, H5S_SELECT_SET, &none, &rows, &unlimited, &rows));
        Id const creation{H5Pcreate(H5P_DATASET_CREATE)};
        check(H5Pset_virtual(creation, space, source.c_str(), dataset.c_str(), from));
        create(file, space, creation);
    }

    /// A dataset whose bytes are in a raw file, and two in one that it needs no byte of.
    std::string add_external(std::string const& file, std::string const& name) const
    {
        auto const raw = folder_ / name;
        std::filesystem::copy_file(file_, raw);
        Id const space{H5Screate_simple(1, &rows, nullptr)};
        Id const creation{H5Pcreate(H5P_DATASET_CREATE)};
        check(H5Pset_external(creation, raw.c_str(), 0, rows));
        check(H5Pset_external(creation, (raw + ".more").c_str(), 0, H5F_UNLIMITED));
        create(file, space, creation);
        return canonical(name);
    }

    void link(std::string const& file, std::string const& target, std::string const& object) const
    {
        auto const opened = open(file);
        check(H5Lcreate_external(target.c_str(), object.c_str(), opened, "/v", H5P_DEFAULT, H5P_DEFAULT));
    }

    Paths behind(std::string const& dataset, External external = External::refuse) const
    {
        return Hdf5Source{file_, {dataset}, {}, external}.files_behind();
    }

    test::TemporaryFolder folder_;
    std::string file_ = folder_ / "a.h5";

  private:
    Id open(std::string const& file) const { return Id{H5Fopen((folder_ / file).c_str(), H5F_ACC_RDWR, H5P_DEFAULT)}; }

    void create(std::string const& file, hid_t space, hid_t creation) const
    {
        auto const opened = open(file);
        Id const made{H5Dcreate2(opened, "/v", H5T_STD_U8LE, space, H5P_DEFAULT, creation, H5P_DEFAULT)};
    }
};

} // namespace

TEST_F(FilesBehindTest, NoneWhereTheFileHasItsOwnRows)
{
    EXPECT_EQ(behind("/own"), Paths{});
    add_virtual("a.h5", ".", "/own");
    EXPECT_EQ(behind("/v"), Paths{}) << "the file itself is no file behind it";
}

TEST_F(FilesBehindTest, VirtualSources)
{
    auto const source = add("source.h5");
    add_virtual("a.h5", "source.h5", "/x");
    EXPECT_EQ(behind("/v"), Paths{source});
    EXPECT_EQ((Hdf5Source{file_, {"/v", "/own", "/v"}}.files_behind()), Paths{source}) << "each once";
}

TEST_F(FilesBehindTest, SourcesThatAreVirtualThemselves)
{
    auto const last = add("0-last.h5");
    auto const middle = add("middle.h5");
    add_virtual("middle.h5", "0-last.h5", "/x");
    add_virtual("a.h5", "middle.h5", "/v");
    EXPECT_EQ(behind("/v"), (Paths{last, middle}));
}

TEST_F(FilesBehindTest, BlocksOfAPatternUpToTheFirstThatIsMissing)
{
    Paths const blocks{add("block0.h5"), add("block1.h5"), add("block2.h5")};
    add("block4.h5");
    add_pattern("a.h5", "block%b.h5", "/x");
    EXPECT_EQ(behind("/v"), blocks);
    EXPECT_EQ((Hdf5Source{file_, {"/v"}}.rows()), 3 * rows) << "HDF5 takes the same blocks";
}

TEST_F(FilesBehindTest, BlocksThatLeadOn)
{
    auto const first = add("block.h5", "/x0");
    auto const far = add("far/x.h5");
    {
        Id const file{H5Fopen(first.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)};
        check(H5Lcreate_external("far/x.h5", "/x", file, "/x1", H5P_DEFAULT, H5P_DEFAULT));
    }
    add_pattern("a.h5", "block.h5", "/x%b");
    EXPECT_EQ(behind("/v", External::follow), (Paths{first, far}));
}

TEST_F(FilesBehindTest, ExternalStorage)
{
    auto const raw = add_external("a.h5", "far/raw.bin");
    EXPECT_EQ(behind("/v", External::follow), Paths{raw}) << "a file that no byte is taken from is none of them";
}

TEST_F(FilesBehindTest, ExternalLinks)
{
    auto const target = add("far/target.h5");
    link("a.h5", "far/target.h5", "/x");
    EXPECT_EQ(behind("/v", External::follow), Paths{target});
}

TEST_F(FilesBehindTest, SymbolicLinksAreSeenThrough)
{
    auto const target = add("far/target.h5");
    std::filesystem::create_symlink(target, folder_ / "link.h5");
    add_virtual("a.h5", "link.h5", "/x");
    EXPECT_EQ(behind("/v", External::follow), Paths{target});
}

TEST_F(FilesBehindTest, OfSeveralInputsEachOnce)
{
    Paths const sources{add("s1.h5"), add("s2.h5")};
    Paths const files{folder_ / "a.h5", folder_ / "b.h5", folder_ / "c.h5"};
    add_virtual("a.h5", "s2.h5", "/x");
    add_virtual("b.h5", "s1.h5", "/x");
    add_virtual("c.h5", "s2.h5", "/x");
    EXPECT_EQ((JoinedSource{files, {"/v"}}.files_behind()), sources);
}

} // namespace distinfer::io
