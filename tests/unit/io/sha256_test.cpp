#include "distinfer/io/sha256.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace distinfer::io
{

TEST(Sha256Test, KnownDigests)
{
    EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex(std::as_bytes(std::span{std::string_view{"abc"}})),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

} // namespace distinfer::io
