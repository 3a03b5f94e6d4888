// To be preloaded: a wall clock that is an hour ahead and an hour behind in turn, every tenth of a second. The steady
// clock goes on as it does.
#include <ctime>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace
{

timespec asked(clockid_t clock)
{
    timespec time = {};
    ::syscall(SYS_clock_gettime, clock, &time);
    return time;
}

timespec jumping()
{
    constexpr time_t hour = 3600;
    auto const steady = asked(CLOCK_MONOTONIC);
    auto time = asked(CLOCK_REALTIME);
    time.tv_sec += (steady.tv_nsec / 100'000'000) % 2 == 0 ? hour : -hour;
    return time;
}

} // namespace

// Under names of our own, since the headers name the parameters otherwise.
extern "C" int jumping_clock_gettime(clockid_t clock, timespec* time) noexcept __asm__("clock_gettime");
extern "C" time_t jumping_time(time_t* seconds) noexcept __asm__("time");
extern "C" int jumping_gettimeofday(timeval* time, void* zone) noexcept __asm__("gettimeofday");

int jumping_clock_gettime(clockid_t clock, timespec* time) noexcept
{
    bool const wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    *time = wall ? jumping() : asked(clock);
    return 0;
}

time_t jumping_time(time_t* seconds) noexcept
{
    auto const now = jumping().tv_sec;
    if (seconds != nullptr) *seconds = now;
    return now;
}

int jumping_gettimeofday(timeval* time, void* /*zone*/) noexcept
{
    auto const now = jumping();
    *time = {now.tv_sec, now.tv_nsec / 1000};
    return 0;
}
