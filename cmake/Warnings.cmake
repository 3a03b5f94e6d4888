# What our own targets are compiled with: every warning is an error.
add_library(distinfer_warnings INTERFACE)
target_compile_options(distinfer_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
    -Woverloaded-virtual -Wformat=2 -Werror
    -Wno-missing-field-initializers # designated initializers leave the other fields to their defaults
    # False alarms of g++ 12 in std::string and std::vector (GCC bug 105651), by names that clang does not know.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
