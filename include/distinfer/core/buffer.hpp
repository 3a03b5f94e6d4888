#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace distinfer
{

/// Bytes on a 64-byte boundary, uninitialised, that keep their capacity when they shrink. Move-only; not thread-safe.
class Buffer
{
  public:
    Buffer() = default;
    explicit Buffer(std::size_t bytes) { resize(bytes); }
    ~Buffer() = default;
    Buffer(Buffer const&) = delete;
    Buffer& operator=(Buffer const&) = delete;
    Buffer(Buffer&& other) noexcept { swap(other); }
    Buffer& operator=(Buffer&& other) noexcept;

    /// Sets the size; what the buffer held is lost where it has to grow. @throws std::bad_alloc
    void resize(std::size_t bytes);

    std::size_t size() const noexcept { return size_; }
    std::byte* data() noexcept { return bytes_.get(); }
    std::byte const* data() const noexcept { return bytes_.get(); }
    std::span<std::byte> span() noexcept { return {data(), size_}; }
    std::span<std::byte const> span() const noexcept { return {data(), size_}; }

  private:
    void swap(Buffer& other) noexcept;

    struct Free
    {
        void operator()(std::byte* bytes) const noexcept;
    };

    std::unique_ptr<std::byte, Free> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace distinfer
