#include "distinfer/io/output_file.hpp"
#include "hdf5_handle.hpp"
#include "support/hdf5_values.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <functional>

namespace distinfer::io
{

namespace
{

/// A type of elements, and how rows of it are written: row i holds what is made of i.
struct Kind
{
    std::string name;
    std::function<Hid()> type;
    std::function<void(hid_t dataset, hid_t type, int first, int rows)> write;
};

void PrintTo(Kind const& kind, std::ostream* out)
{
    *out << kind.name;
}

template <class Element>
Kind kind(std::string name, std::function<Hid()> type, std::function<Element(int)> element)
{
    auto const write = [element](hid_t dataset, hid_t stored, int first, int rows) {
        std::vector<Element> elements;
        for (int row = first; row < first + rows; ++row) elements.push_back(element(row));
        if (rows == 0) return;
        EXPECT_GE(H5Dwrite(dataset, stored, H5S_ALL, H5S_ALL, H5P_DEFAULT, elements.data()), 0);
    };
    return {std::move(name), std::move(type), write};
}

/// A text of its own for every row, one of them empty. It lives until the program ends.
char const* text_of(int row)
{
    static std::deque<std::string> texts;
    return texts.emplace_back(row == 1 ? "" : std::string(static_cast<std::size_t>(row * 7), 'x') + std::to_string(row))
        .c_str();
}

hvl_t sequence_of(int row)
{
    static std::deque<std::vector<int>> sequences;
    auto& numbers = sequences.emplace_back(static_cast<std::size_t>(row % 4), row);
    return {numbers.size(), numbers.data()};
}

Hid text_type()
{
    Hid type{H5Tcopy(H5T_C_S1)};
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

Hid fixed_text_type()
{
    Hid type{H5Tcopy(H5T_C_S1)};
    H5Tset_size(type.get(), 8);
    return type;
}

struct Person
{
    std::int64_t id;
    char const* name;
    std::array<float, 2> at;
};

Hid person_type()
{
    hsize_t const two = 2;
    auto const text = text_type();
    Hid const pair{H5Tarray_create2(H5T_NATIVE_FLOAT, 1, &two)};
    Hid type{H5Tcreate(H5T_COMPOUND, sizeof(Person))};
    H5Tinsert(type.get(), "id", HOFFSET(Person, id), H5T_NATIVE_INT64);
    H5Tinsert(type.get(), "name", HOFFSET(Person, name), text.get());
    H5Tinsert(type.get(), "at", HOFFSET(Person, at), pair.get());
    return type;
}

Hid colour_type()
{
    Hid type{H5Tenum_create(H5T_STD_I16BE)};
    for (auto const& [name, value] : {std::pair{"red", 0}, std::pair{"green", 1}, std::pair{"blue", 2}}) {
        auto const stored = static_cast<std::int16_t>(value << 8);
        H5Tenum_insert(type.get(), name, &stored);
    }
    return type;
}

Hid opaque_type()
{
    Hid type{H5Tcreate(H5T_OPAQUE, 3)};
    H5Tset_tag(type.get(), "a tag");
    return type;
}

std::vector<Kind> kinds()
{
    using Three = std::array<std::int16_t, 3>;
    hsize_t const three = 3;
    auto const narrow = [](int row) { return static_cast<std::int16_t>(row); };
    return {
        kind<std::int32_t>(
            "BigEndian", [] { return Hid{H5Tcopy(H5T_STD_I32BE)}; }, [](int row) { return row << 8; }),
        kind<std::uint8_t>(
            "UInt8", [] { return Hid{H5Tcopy(H5T_STD_U8LE)}; }, [](int row) { return static_cast<std::uint8_t>(row); }),
        kind<double>(
            "Float64", [] { return Hid{H5Tcopy(H5T_IEEE_F64LE)}; }, [](int row) { return row / 3.0; }),
        kind<std::uint16_t>(
            "Bitfield", [] { return Hid{H5Tcopy(H5T_STD_B16LE)}; },
            [](int row) { return static_cast<std::uint16_t>(row * 3); }),
        kind<std::array<char, 8>>("FixedStrings", fixed_text_type,
                                  [](int row) {
                                      return std::array<char, 8>{'i', 'd', static_cast<char>('a' + row % 26)};
                                  }),
        kind<char const*>("VariableStrings", text_type, text_of),
        kind<Person>("Compound", person_type,
                     [](int row) {
                         return Person{row, text_of(row), {static_cast<float>(row), 0.5F}};
                     }),
        kind<hvl_t>(
            "Sequences", [] { return Hid{H5Tvlen_create(H5T_NATIVE_INT)}; }, sequence_of),
        kind<std::int16_t>("Enumeration", colour_type, [=](int row) { return narrow((row % 3) << 8); }),
        kind<std::array<char, 3>>("Opaque", opaque_type,
                                  [](int row) {
                                      return std::array<char, 3>{'o', static_cast<char>(row), '\0'};
                                  }),
        kind<Three>(
            "Arrays", [=] { return Hid{H5Tarray_create2(H5T_STD_I16LE, 1, &three)}; },
            [=](int row) {
                return Three{narrow(row), narrow(row + 1), narrow(row + 2)};
            }),
    };
}

enum class Storage { contiguous, chunks, named_type };

std::vector<Storage> storages()
{
    return {Storage::contiguous, Storage::chunks, Storage::named_type};
}

std::string name_of(testing::TestParamInfo<std::tuple<Kind, Storage>> const& test)
{
    auto const& [kind, storage] = test.param;
    if (storage == Storage::contiguous) return kind.name + "Contiguous";
    return kind.name + (storage == Storage::chunks ? "InChunks" : "OfNamedType");
}

class PassthroughTypesTest : public testing::TestWithParam<std::tuple<Kind, Storage>>
{
  protected:
    /// Adds a file whose /ids has so many rows, which go on where those of the file before end.
    void add_file(int rows)
    {
        auto const& [kind, storage] = GetParam();
        auto const name = folder_ / ("in" + std::to_string(files_.size()) + ".h5");
        auto const type = kind.type();
        hsize_t const extent = static_cast<hsize_t>(rows);
        hsize_t const unlimited = H5S_UNLIMITED;
        hsize_t const chunk = 4;
        Hid const creation{H5Pcreate(H5P_DATASET_CREATE)};
        if (storage == Storage::chunks) {
            H5Pset_chunk(creation.get(), 1, &chunk);
            H5Pset_deflate(creation.get(), 1);
        }
        Hid const space{H5Screate_simple(1, &extent, storage == Storage::chunks ? &unlimited : nullptr)};
        Hid const file{H5Fcreate(name.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT)};
        if (storage == Storage::named_type)
            H5Tcommit2(file.get(), "type", type.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        Hid const dataset{
            H5Dcreate2(file.get(), "ids", type.get(), space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT)};
        kind.write(dataset.get(), type.get(), static_cast<int>(written_), rows);
        files_.push_back(name);
        rows_.push_back(extent);
        written_ += extent;
    }

    void expect_copied()
    {
        auto const path = folder_ / "out.h5";
        auto const passthrough = check_passthrough(files_, rows_, {"/ids"});
        OutputFile::create(path, written_, {}, false, passthrough).finish({});
        std::vector<std::string> expected;
        for (auto const& file : files_)
            for (auto const& value : test::values_of(file, "/ids")) expected.push_back(value);
        ASSERT_EQ(expected.size(), written_);
        EXPECT_EQ(test::values_of(path, "/ids"), expected);
        expect_same_type(path);
    }

  private:
    void expect_same_type(std::string const& path)
    {
        Hid const file{H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)};
        Hid const dataset{H5Dopen2(file.get(), "/ids", H5P_DEFAULT)};
        Hid const type{H5Dget_type(dataset.get())};
        EXPECT_GT(H5Tequal(type.get(), std::get<Kind>(GetParam()).type().get()), 0);
    }

    test::TemporaryFolder folder_;
    std::vector<std::string> files_;
    std::vector<std::uint64_t> rows_;
    std::uint64_t written_ = 0;
};

} // namespace

TEST_P(PassthroughTypesTest, OneFile)
{
    add_file(11);
    expect_copied();
}

TEST_P(PassthroughTypesTest, SeveralFilesAreJoined)
{
    for (int const rows : {3, 0, 7, 1}) add_file(rows);
    expect_copied();
}

TEST_P(PassthroughTypesTest, NoRows)
{
    add_file(0);
    expect_copied();
}

INSTANTIATE_TEST_SUITE_P(Hdf5, PassthroughTypesTest,
                         testing::Combine(testing::ValuesIn(kinds()), testing::ValuesIn(storages())), name_of);

} // namespace distinfer::io
