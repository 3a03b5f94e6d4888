#pragma once

#include <cstddef>
#include <dlfcn.h>
#include <string>

/// A library that tests preload into the program (LD_PRELOAD), to let calls of the system fail and to record them. What
/// it does is in the environment, in variables that begin with DIST_INFER_TEST_; without them it does nothing.
namespace distinfer::shim
{

/// The function of that name which ours has taken the place of.
template <class Function>
Function next(char const* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

/// The path of an open file, empty where there is none.
std::string path_of(int descriptor);

/// What is to happen to a call instead of what the system does.
struct Fault
{
    int error = 0;         ///< errno that it fails with, or 0
    bool is_short = false; ///< it takes or gives half of the bytes
};

/// Counts this call and says what is to happen to it.
///
/// DIST_INFER_TEST_FAULT="CALL SUFFIX N ERROR once|always" is about the N-th call (from 1) of CALL, and with `always`
/// all behind it, on files whose path ends with SUFFIX. ERROR is a name such as EIO, or `short`. Each process counts
/// for itself. A line on standard error tells of the first fault, and one at the end how many such calls there were.
Fault next_fault(char const* call, std::string const& path);

/// The calls that change files of the folder DIST_INFER_TEST_TRACE_FOLDER are appended to the file
/// DIST_INFER_TEST_TRACE, by all processes: a line `KIND INODE OFFSET LENGTH NAME OTHER`, and of a write LENGTH bytes.
/// Names are those in the folder, `.` is the folder, `-` is none. A call is recorded when it has happened, and of a
/// sync also the beginning.
namespace recorder
{

bool is_on();
void created(int descriptor);
void truncated(int descriptor, long size);
void truncated(std::string const& path, long size);
void written(int descriptor, void const* bytes, std::size_t count, long offset);
void allocated(int descriptor, long offset, long length);
void renamed(std::string const& from, std::string const& to);
void unlinked(std::string const& path);
void sync_begins(int descriptor);
void synced(int descriptor);

} // namespace recorder

} // namespace distinfer::shim
