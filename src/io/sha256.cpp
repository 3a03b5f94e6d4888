#include "distinfer/io/sha256.hpp"

#include "distinfer/core/error.hpp"

#include <openssl/evp.h>

#include <array>

namespace distinfer::io
{

std::string sha256_hex(std::span<std::byte const> bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw InternalError("cannot compute a SHA-256", "OpenSSL refused");
    }
    std::string hex;
    for (auto const byte : std::span{digest}.first(size)) {
        hex.push_back("0123456789abcdef"[byte >> 4U]);
        hex.push_back("0123456789abcdef"[byte & 15U]);
    }
    return hex;
}

} // namespace distinfer::io
