#pragma once

#include <gtest/gtest.h>

namespace distinfer::test
{

/// A test that needs a GPU. Where none is found it is skipped, with the reason; it fails where DIST_INFER_TEST_GPU is
/// "required", as on a machine that was got for its GPU.
class OnGpu : public testing::Test
{
  protected:
    void SetUp() override;
};

} // namespace distinfer::test
