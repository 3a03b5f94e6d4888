#include "torch_error.hpp"

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace distinfer::model
{

namespace
{

std::string message_of(std::string const& text)
{
    return torch_message(std::runtime_error{text});
}

} // namespace

TEST(TorchErrorTest, ALibTorchErrorLosesItsBacktrace)
{
    try {
        TORCH_CHECK(false, "mat1 and mat2 shapes cannot be multiplied");
    } catch (c10::Error const& error) {
        EXPECT_EQ(torch_message(error), "mat1 and mat2 shapes cannot be multiplied");
    }
}

TEST(TorchErrorTest, WhatTorchScriptRaisedComesLast)
{
    EXPECT_EQ(message_of("The following operation failed in the TorchScript interpreter.\n"
                         "Traceback of TorchScript (most recent call last):\n"
                         "  File \"<string>\", line 3, in forward\n"
                         "    return torch.matmul(x, self.w)\n"
                         "           ~~~~~~~~~~~~ <--- HERE\n"
                         "RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x3 and 5x2)\n"),
              "mat1 and mat2 shapes cannot be multiplied (4x3 and 5x2)");
}

TEST(TorchErrorTest, OtherMessagesGiveTheirFirstLine)
{
    EXPECT_EQ(message_of("\n  \nno such file\nsecond line"), "no such file");
}

TEST(TorchErrorTest, AnEmptyMessageStillSaysSomething)
{
    EXPECT_EQ(message_of(""), "unknown LibTorch error");
    EXPECT_EQ(message_of("Traceback (most recent call last):\n ~~~~ \n"), "unknown LibTorch error");
}

TEST(TorchErrorTest, WhatIsTheMachinesFaultSaysNothingOfTheRows)
{
    EXPECT_TRUE(is_machines_fault(std::bad_alloc{}));
    EXPECT_TRUE(is_machines_fault(std::runtime_error{"[enforce fail] DefaultCPUAllocator: can't allocate memory: 9"}));
    EXPECT_TRUE(is_machines_fault(std::runtime_error{"Traceback\ntorch.OutOfMemoryError: CUDA out of memory. Tried"}));
    EXPECT_TRUE(is_machines_fault(std::runtime_error{"CUDA error: device-side assert triggered"}));
    EXPECT_TRUE(is_out_of_memory(std::bad_alloc{}));
    EXPECT_TRUE(is_out_of_memory(std::runtime_error{"CUDA error: out of memory"}));
    EXPECT_FALSE(is_out_of_memory(std::runtime_error{"CUDA error: device-side assert triggered"}));
    EXPECT_FALSE(is_machines_fault(std::runtime_error{"index 7 is out of bounds for dimension 0 with size 5"}));
}

} // namespace distinfer::model
