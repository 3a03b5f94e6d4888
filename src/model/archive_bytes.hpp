#pragma once

#include <caffe2/serialize/read_adapter_interface.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace distinfer::model
{

/// A model file in memory, for LibTorch's reader of archives. LibTorch's own adapter reads whatever address an archive
/// names. The bytes are borrowed.
class ArchiveBytes : public caffe2::serialize::ReadAdapterInterface
{
  public:
    explicit ArchiveBytes(std::span<std::byte const> file) : file_(file) {}

    std::size_t size() const override { return file_.size(); }

    std::size_t read(std::uint64_t at, void* to, std::size_t count, char const* /*what*/) const override
    {
        if (at >= file_.size()) return 0;
        auto const some = file_.subspan(at, std::min<std::size_t>(count, file_.size() - at));
        std::memcpy(to, some.data(), some.size());
        return some.size();
    }

  private:
    std::span<std::byte const> file_;
};

} // namespace distinfer::model
