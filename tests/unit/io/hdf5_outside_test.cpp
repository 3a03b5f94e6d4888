// Where a file says that its data lies elsewhere, the other file is not even opened unless the user has said so.
#include "decoded_rows.hpp"
#include "distinfer/file/file.hpp"
#include "distinfer/io/hdf5_source.hpp"
#include "distinfer/io/passthrough.hpp"
#include "expect_error.hpp"
#include "support/hdf5_file.hpp"
#include "support/hdf5_id.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sys/inotify.h>
#include <unistd.h>

namespace distinfer::io
{

namespace
{

using test::check;
using test::Id;

constexpr hsize_t rows = 4;

/// Sees whether any process opens a file.
class OpenWatch
{
  public:
    explicit OpenWatch(std::string const& path) : events_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
    {
        EXPECT_GE(::inotify_add_watch(events_.get(), path.c_str(), IN_OPEN), 0);
    }

    bool saw_it_open() const
    {
        std::array<char, 4096> event{};
        return ::read(events_.get(), event.data(), event.size()) > 0;
    }

  private:
    file::FileDescriptor events_;
};

class Hdf5OutsideTest : public testing::Test
{
  protected:
    Hdf5OutsideTest()
    {
        std::filesystem::create_directories(folder_ / "own");
        std::filesystem::create_directories(folder_ / "far");
        test::write_dataset(far_, "/g/x", {DType::uint8, {}}, rows, secret_);
        test::write_dataset(file_, "/other", {DType::uint8, {}}, rows, secret_);
    }

    Id open(std::string const& path) const { return Id{H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)}; }

    /// Makes a dataset of a file, its storage as the property list says.
    void create(std::string const& path, std::string const& name, hid_t creation, hid_t space) const
    {
        auto const file = open(path);
        Id const made{H5Dcreate2(file, name.c_str(), H5T_STD_U8LE, space, H5P_DEFAULT, creation, H5P_DEFAULT)};
    }

    void add_external_storage(std::string const& path, std::string const& name) const
    {
        Id const space{H5Screate_simple(1, &rows, nullptr)};
        Id const creation{H5Pcreate(H5P_DATASET_CREATE)};
        check(H5Pset_external(creation, far_.c_str(), 0, H5F_UNLIMITED));
        create(path, name, creation, space);
    }

    void add_virtual(std::string const& name, std::string const& source, std::string const& dataset) const
    {
        Id const space{H5Screate_simple(1, &rows, nullptr)};
        Id const creation{H5Pcreate(H5P_DATASET_CREATE)};
        check(H5Pset_virtual(creation, space, source.c_str(), dataset.c_str(), space));
        create(file_, name, creation, space);
    }

    /// As long as its source, which HDF5 opens to tell.
    void add_growing(std::string const& name, std::string const& source) const
    {
        hsize_t const none = 0;
        hsize_t const one = 1;
        hsize_t const unlimited = H5S_UNLIMITED;
        Id const space{H5Screate_simple(1, &none, &unlimited)};
        Id const from{H5Screate_simple(1, &none, &unlimited)};
        for (hid_t const id : {hid_t{space}, hid_t{from}})
            check(H5Sselect_hyperslab(id, H5S_SELECT_SET, &none, nullptr, &one, &unlimited));
        Id const creation{H5Pcreate(H5P_DATASET_CREATE)};
        check(H5Pset_virtual(creation, space, source.c_str(), "/g/x", from));
        create(file_, name, creation, space);
    }

    void link_outside(std::string const& path, std::string const& name, std::string const& target) const
    {
        auto const file = open(path);
        check(H5Lcreate_external(far_.c_str(), target.c_str(), file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT));
    }

    void expect_refused(std::string const& dataset, std::string const& word)
    {
        OpenWatch const watch{far_};
        auto const where = dataset + " in " + file_;
        constexpr auto how = "input.allow_external: true";
        expect_error<InputError>([&] { Hdf5Source(file_, {dataset}); }, {where, word, far_, how});
        expect_error<InputError>([&] { check_passthrough({file_}, {rows}, {dataset}); }, {where, word, far_, how});
        EXPECT_FALSE(watch.saw_it_open()) << dataset << ": the other file was opened";
    }

    void expect_followed(std::string const& dataset)
    {
        Hdf5Source source{file_, {dataset}, {}, External::follow};
        EXPECT_EQ(decoded_rows(source, {0, rows}), secret_) << dataset;
        check_passthrough({file_}, {rows}, {dataset}, External::follow);
    }

    test::TemporaryFolder folder_;
    std::string file_ = folder_ / "own/a.h5";
    std::string far_ = folder_ / "far/secret.h5";
    std::vector<std::byte> secret_ = std::vector<std::byte>(rows, std::byte{42});
};

} // namespace

TEST_F(Hdf5OutsideTest, ExternalLinks)
{
    link_outside(file_, "/link", "/g/x");
    link_outside(file_, "/group", "/g");
    {
        auto const file = open(file_);
        check(H5Lcreate_soft("/link", file, "/soft", H5P_DEFAULT, H5P_DEFAULT));
        check(H5Lcreate_soft("/group/x", file, "/deep", H5P_DEFAULT, H5P_DEFAULT));
    }
    for (std::string const name : {"/link", "/group/x", "/soft", "/deep"}) {
        expect_refused(name, "external link");
        expect_followed(name);
    }
}

/// The list that a message gives of a file's datasets is made without looking behind links, too.
TEST_F(Hdf5OutsideTest, AWrongNameOpensNothingElse)
{
    link_outside(file_, "/link", "/g/x");
    check(H5Lcreate_soft("/link", open(file_), "/soft", H5P_DEFAULT, H5P_DEFAULT));
    OpenWatch const watch{far_};
    expect_error<InputError>([&] { Hdf5Source(file_, {"/sofd"}); }, {"its datasets: /other"});
    EXPECT_FALSE(watch.saw_it_open());
}

TEST_F(Hdf5OutsideTest, ExternalStorage)
{
    add_external_storage(file_, "/x");
    expect_refused("/x", "stored outside the file");
}

TEST_F(Hdf5OutsideTest, VirtualSources)
{
    add_virtual("/absolute", far_, "/g/x");
    add_virtual("/relative", "../far/secret.h5", "/g/x");
    add_growing("/growing", far_);
    std::filesystem::create_symlink(far_, folder_ / "own/inside.h5");
    add_virtual("/symlink", "inside.h5", "/g/x");
    for (std::string const name : {"/absolute", "/growing"}) expect_refused(name, "lies outside the folder");
    far_ = folder_ / "own/../far/secret.h5";
    expect_refused("/relative", "lies outside the folder");
    OpenWatch const watch{far_};
    expect_error<InputError>([&] { Hdf5Source(file_, {"/symlink"}); }, {"inside.h5 lies outside the folder"});
    EXPECT_FALSE(watch.saw_it_open());
    for (std::string const name : {"/absolute", "/relative", "/growing", "/symlink"}) expect_followed(name);
}

/// A source may be near and yet have its data from elsewhere.
TEST_F(Hdf5OutsideTest, SourcesThatLeadOn)
{
    auto const near = folder_ / "own/near.h5";
    test::write_dataset(near, "/0", {DType::uint8, {}}, rows, secret_);
    link_outside(near, "/link", "/g/x");
    add_external_storage(near, "/raw");
    add_virtual("/near", "near.h5", "/0");
    expect_followed("/near");
    {
        Hdf5Source source{file_, {"/near"}};
        EXPECT_EQ(decoded_rows(source, {0, rows}), secret_) << "sources in the file's own folder are read";
    }

    add_virtual("/v_link", "near.h5", "/link");
    add_virtual("/v_raw", "near.h5", "/raw");
    expect_refused("/v_link", "external link");
    expect_refused("/v_raw", "stored outside the file");
}

/// Of a pattern HDF5 takes every block that is there, and only the first has to be.
TEST_F(Hdf5OutsideTest, LaterBlocksOfAPattern)
{
    auto const first = folder_ / "own/block0.h5";
    test::write_dataset(first, "/x0", {DType::uint8, {}}, rows, secret_);
    hsize_t const none = 0;
    hsize_t const unlimited = H5S_UNLIMITED;
    Id const space{H5Screate_simple(1, &none, &unlimited)};
    Id const from{H5Screate_simple(1, &rows, nullptr)};
    check(H5Sselect_hyperslab(space, H5S_SELECT_SET, &none, &rows, &unlimited, &rows));
    auto const add = [&](std::string const& name, std::string const& source, std::string const& dataset) {
        Id const creation{H5Pcreate(H5P_DATASET_CREATE)};
        check(H5Pset_virtual(creation, space, source.c_str(), dataset.c_str(), from));
        create(file_, name, creation, space);
    };
    add("/files", "block%b.h5", "/x0");
    add("/datasets", "block0.h5", "/x%b");
    for (std::string const name : {"/files", "/datasets"}) EXPECT_EQ(Hdf5Source(file_, {name}).rows(), rows);

    link_outside(first, "/x1", "/g/x");
    expect_refused("/datasets", "external link");
    std::filesystem::create_symlink(far_, folder_ / "own/block1.h5");
    OpenWatch const watch{far_};
    expect_error<InputError>([&] { Hdf5Source(file_, {"/files"}); }, {"block1.h5 lies outside the folder"});
    EXPECT_FALSE(watch.saw_it_open());
}

} // namespace distinfer::io
