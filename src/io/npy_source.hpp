#pragma once

#include "distinfer/file/file.hpp"
#include "distinfer/io/file_source.hpp"

#include <string>
#include <vector>

namespace distinfer::io
{

/// Rows of the one array of a .npy file, which lie in it one behind the other. One thread calls it.
class NpySource : public FileSource
{
  public:
    /// Opens the file and checks its header and its size; bytes behind the array are let be, as NumPy does.
    /// @param datasets one for each tensor. An array has no name: any refers to it, but all have to be the same
    /// @throws InputError naming the file
    NpySource(std::string const& file, std::vector<std::string> const& datasets);

    std::uint64_t rows() const override { return array_.form.rows; }
    PayloadLayout const& layout() const override { return layout_; }
    FileFacts facts() const override;
    void look_up_chunks() override {}

    std::uint64_t wire_bytes(RowRange rows) override;
    void fetch(RowRange rows, std::span<std::byte> wire) override;
    void fetch_plain(std::size_t tensor, RowRange rows, std::span<std::byte> bytes) override;

  private:
    /// The array and where it lies.
    struct Array
    {
        StoredForm form;
        std::uint64_t offset = 0; ///< bytes from the file's begin
    };

    static Array find_array(int descriptor, std::string const& file, std::string const& name);

    std::string name_; ///< "the array in data.npy"
    file::FileDescriptor descriptor_;
    Array array_;
    PayloadLayout layout_;
};

} // namespace distinfer::io
