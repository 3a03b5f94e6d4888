#include "distinfer/app/signal_watch.hpp"

#include "distinfer/core/error.hpp"

#include <csignal>
#include <ctime>
#include <pthread.h>
#include <unistd.h>

namespace distinfer::app
{

namespace
{

constexpr timespec last_moments{0, 150'000'000};

sigset_t asking_to_end()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (int const signal : {SIGUSR1, SIGINT, SIGTERM}) sigaddset(&signals, signal);
    return signals;
}

char const* name_of(int signal)
{
    return signal == SIGUSR1 ? "SIGUSR1" : signal == SIGINT ? "SIGINT" : "SIGTERM";
}

} // namespace

SignalWatch::SignalWatch()
{
    auto const signals = asking_to_end();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    thread_ = std::thread{[this] { watch(); }};
}

SignalWatch::~SignalWatch()
{
    over_ = true;
    pthread_kill(thread_.native_handle(), SIGUSR1); // wakes it
    thread_.join();
}

void SignalWatch::watch()
{
    auto const signals = asking_to_end();
    while (!over_) {
        auto const signal = level_ == Interrupt::leave ? sigtimedwait(&signals, nullptr, &last_moments)
                                                       : sigwaitinfo(&signals, nullptr);
        if (over_) return;
        if (signal > 0) take(signal);
        if (signal < 0 && level_ == Interrupt::leave) ::_exit(static_cast<int>(ExitCode::interrupted));
    }
}

void SignalWatch::take(int signal)
{
    char const* none = "";
    name_.compare_exchange_strong(none, name_of(signal));
    bool const again = signal == SIGINT && level_ != Interrupt::none;
    if (signal == SIGTERM || again)
        level_ = Interrupt::leave;
    else if (level_ == Interrupt::none)
        level_ = Interrupt::drain;
}

} // namespace distinfer::app
