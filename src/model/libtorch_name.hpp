#pragma once

namespace distinfer::model
{

/// Makes sure that the process has a library of the name libtorch.so before a package is loaded.
///
/// Every AOTInductor package says that it needs libtorch.so, though all that it calls is in libtorch_cpu.so, which this
/// program is linked to. The libtorch.so of a CUDA build would load the whole of CUDA, or fail where it is not
/// installed; a library of that name that holds nothing lies beside this program instead.
void answer_to_libtorch();

} // namespace distinfer::model
