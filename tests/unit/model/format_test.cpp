#include "distinfer/file/file.hpp"
#include "distinfer/model/format.hpp"
#include "support/temporary_folder.hpp"
#include "support/torch_models.hpp"
#include "unit/io/expect_error.hpp"

#include <caffe2/serialize/inline_container.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

namespace distinfer::model
{

namespace
{

using Bytes = std::vector<std::byte>;

Bytes bytes_of(std::string_view text)
{
    Bytes bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

/// An archive as PyTorch writes them, with these records, empty.
Bytes archive(std::vector<std::string> const& records)
{
    Bytes bytes;
    caffe2::serialize::PyTorchStreamWriter writer{[&](void const* data, std::size_t size) {
        auto const* begin = static_cast<std::byte const*>(data);
        bytes.insert(bytes.end(), begin, begin + size);
        return size;
    }};
    for (auto const& record : records) writer.writeRecord(record, "", 0);
    writer.writeEndOfFile();
    return bytes;
}

/// A zip of one file in no folder, as numpy and others write them.
Bytes plain_zip()
{
    using namespace std::string_literals;
    auto const common = "\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0"s; // version to name's length
    auto const local = "PK\x03\x04"s + common + "a.npy";
    auto const central = "PK\x01\x02\x14\0"s + common + "\0\0\0\0\0\0\0\0\0\0\0\0\0\0"s + "a.npy";
    return bytes_of(local + central + "PK\x05\x06\0\0\0\0\x01\0\x01\0\x33\0\0\0\x23\0\0\0\0\0"s);
}

Bytes script()
{
    test::TemporaryFolder const folder;
    test::save_script(folder / "model.pt", "def forward(self, x):\n    return x + 1\n");
    return file::read_file(folder / "model.pt", ExitCode::model);
}

void expect_refused(Bytes const& file, std::initializer_list<std::string_view> words)
{
    io::expect_error<ModelError>([&] { identify(file, "net.pt"); }, words);
}

} // namespace

/// LibTorch takes as much memory as an entry says to hold: 367 bytes made it take 20 GB.
TEST(FormatTest, AnEntryThatSaysToHoldMoreThanItsBytesIsRefused)
{
    auto file = archive({"aotinductor/model.so"});
    EXPECT_EQ(identify(file, "m.pt2"), Format::aotinductor);
    auto const signature = bytes_of({"PK\x01\x02", 4});
    auto const entry = std::search(file.begin(), file.end(), signature.begin(), signature.end());
    ASSERT_NE(entry, file.end());
    std::uint32_t const lie = 0x7fff0000;
    std::memcpy(&*(entry + 24), &lie, sizeof lie);
    io::expect_error<ModelError>([&] { identify(file, "m.pt2"); }, {"m.pt2", "says to hold 2147418112"});
}

TEST(FormatTest, BothFormatsAreToldByTheirContent)
{
    EXPECT_EQ(identify(script(), "net.pt2"), Format::torchscript);
    EXPECT_EQ(identify(archive({"data/aotinductor/model/c.wrapper.so"}), "net.pt"), Format::aotinductor);
}

TEST(FormatTest, EachForeignFormatIsNamed)
{
    expect_refused({}, {"net.pt is not a model", "the file is empty", "tools/export_model.py"});
    expect_refused(bytes_of("\x89HDF\r\n\x1a\n and more"), {"HDF5"});
    expect_refused(bytes_of("\x80\x02}q\x01."), {"Python pickle"});
    expect_refused(bytes_of("\x80\x04\x95 and more"), {"Python pickle"});
    expect_refused(bytes_of("version https://git-lfs.github.com/spec/v1\n"), {"Git LFS pointer"});
    expect_refused(bytes_of({"\x10\0\0\0\0\0\0\0{\"__metadata__\":{}}", 26}), {"safetensors"});
    expect_refused(bytes_of("\x08\x07\x12\x07pytorch"), {"ONNX"});
}

TEST(FormatTest, RandomBytesAreNoArchive)
{
    std::mt19937 random{3};
    Bytes noise(1000);
    for (auto& byte : noise) byte = static_cast<std::byte>(random());
    noise[0] = std::byte{0xfe};
    noise[8] = std::byte{0};
    expect_refused(noise, {"no zip archive"});
}

TEST(FormatTest, ArchivesOfOtherKindsSayWhatTheyAre)
{
    expect_refused(archive({"models/model.json"}), {"torch.export program", "tools/export_model.py"});
    expect_refused(archive({"serialized_exported_program.json"}), {"torch.export program", "tools/export_model.py"});
    expect_refused(archive({"data.pkl"}), {"weights or a pickled module", "torch.save"});
    expect_refused(archive({"readme.txt"}), {"neither TorchScript nor AOTInductor"});
    expect_refused(plain_zip(), {"no archive of PyTorch"});
}

TEST(FormatTest, ATruncatedModelIsSaidToBeCutShort)
{
    auto const whole = script();
    for (auto const size : {std::size_t{4}, whole.size() / 2, whole.size() - 1}) {
        SCOPED_TRACE(size);
        expect_refused({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)},
                       {"cannot be read", "cut short"});
    }
}

} // namespace distinfer::model
