#pragma once

#include <unistd.h>

namespace distinfer::test
{

/// Gives up root's rights until it goes out of scope, so that permissions mean something in tests run by root.
class AsNobody
{
  public:
    AsNobody() : was_root_(::geteuid() == 0) { done_ = !was_root_ || ::seteuid(65534) == 0; }
    ~AsNobody() { done_ = !was_root_ || ::seteuid(0) == 0; }
    AsNobody(AsNobody const&) = delete;
    AsNobody& operator=(AsNobody const&) = delete;

  private:
    bool was_root_;
    bool done_ = false;
};

} // namespace distinfer::test
