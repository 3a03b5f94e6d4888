// What a job does with an HDF5 file of any bytes before and while it reads it: it is opened, or refused with an
// InputError.
//
// The library itself crashes now and then. So every input is tried in a process of its own, and a crash counts where
// the address sanitizer finds our code at the top of the stack; without the sanitizer, where the promise is broken.
#include "distinfer/core/error.hpp"
#include "distinfer/io/joined_source.hpp"
#include "distinfer/io/trial.hpp"
#include "distinfer/io/window_decoder.hpp"
#include "target.hpp"

#include <cstring>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace
{

using namespace distinfer;

constexpr int broken = 99;
constexpr unsigned longest = 5; // seconds; what takes longer is the library's, and ended by its alarm

/// Whether the first frames of a report, below those of the sanitizer, are the library's.
[[maybe_unused]] bool blames_library(std::string_view report)
{
    auto const end = report.find("    #4 ");
    return report.substr(0, end).find("libhdf5") != std::string_view::npos;
}

#ifdef HAS_ASAN
void leave_where_the_library_is_to_blame(char const* report)
{
    if (blames_library(report)) ::_exit(0);
}
#endif

void read_rows(std::string const& file)
{
    io::JoinedSource source{{file}, {"/x"}};
    RowRange const rows{0, std::min<std::uint64_t>(source.rows(), 8)};
    auto const bytes = source.layout().bytes(rows.size());
    auto const wire_bytes = source.wire_bytes(rows);
    if (std::max(bytes, wire_bytes) > std::uint64_t{64} << 20U) return;
    std::vector<std::byte> wire(wire_bytes);
    std::vector<std::byte> window(bytes);
    source.fetch(rows, wire);
    io::WindowDecoder{source.facts()}.decode(rows, wire, window);
}

/// Never returns.
void try_file(std::string const& file)
{
#ifdef HAS_ASAN
    __asan_set_error_report_callback(leave_where_the_library_is_to_blame);
#endif
    ::alarm(longest);
    try {
        io::run_trial({.files = {file}, .datasets = {"/x"}, .passthrough = {"/x"}}, [](std::size_t) {});
        read_rows(file);
    } catch (InputError const&) {
        ::_exit(0);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "fuzz: broken: %s\n", error.what());
        ::_exit(broken);
    }
    ::_exit(0);
}

/// Whether it ended as the address sanitizer, the undefined behaviour sanitizer, or we ourselves end it.
bool is_ours(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) != 0;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const memory = ::memfd_create("fuzz", 0);
    fuzz::require(memory >= 0 && ::write(memory, data, size) == static_cast<ssize_t>(size), "there is memory");
    auto const child = ::fork();
    fuzz::require(child >= 0, "there are processes");
    if (child == 0) try_file("/proc/self/fd/" + std::to_string(memory));
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(memory);
    fuzz::require(!is_ours(status), "a file is opened or refused");
    return 0;
}
