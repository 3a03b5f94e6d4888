#include "distinfer/core/buffer.hpp"

#include "distinfer/core/alignment.hpp"

#include <new>
#include <utility>

namespace distinfer
{

namespace
{

constexpr std::align_val_t aligned{alignment};

} // namespace

void Buffer::Free::operator()(std::byte* bytes) const noexcept
{
    ::operator delete(bytes, aligned);
}

Buffer& Buffer::operator=(Buffer&& other) noexcept
{
    Buffer taken{std::move(other)};
    swap(taken);
    return *this;
}

void Buffer::swap(Buffer& other) noexcept
{
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
}

void Buffer::resize(std::size_t bytes)
{
    if (bytes > capacity_) {
        bytes_.reset();
        size_ = capacity_ = 0;
        bytes_.reset(static_cast<std::byte*>(::operator new(bytes, aligned)));
        capacity_ = bytes;
    }
    size_ = bytes;
}

} // namespace distinfer
