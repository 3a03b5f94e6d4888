#pragma once

#include "distinfer/pipeline/bad_rows.hpp"
#include "distinfer/pipeline/failure.hpp"

#include <cstdint>
#include <string>

namespace distinfer::pipeline
{

/// A control message between root and a rank.
struct Note
{
    enum class Kind : std::uint8_t {
        assign,  ///< root: run this window; its input follows, `bytes` long
        cancel,  ///< root: drop every window that has not begun
        stop,    ///< root: the job is over, with `failure` where code is not done
        result,  ///< rank: the window has run, with `bad_rows`; its output follows, `bytes` long
        dropped, ///< rank: the window was dropped after a cancel
        failed,  ///< rank: the window failed, with `failure`
        alive,   ///< root: it is there, though it has nothing to say
        sync,    ///< root: make durable what you have stored
        synced,  ///< rank: it is; or not, with `failure` where code is not done
        drain,   ///< rank: it was asked to end early
        leave,   ///< rank: it was asked to end at once; root: end at once
        report,  ///< rank, after its last window: what it has to report, as the failure's message
        over,    ///< root: the output is finished, or not, with `failure` where code is not done
        heard,   ///< rank: it knows, and ends
    };

    Kind kind = Kind::stop;
    std::uint64_t window = 0;
    std::uint64_t bytes = 0;
    Failure failure{ExitCode::done, {}};
    std::vector<BadRow> bad_rows = {}; ///< of the window, with result

    bool operator==(Note const&) const = default;
};

/// The note as a message body; ranks of one job run on machines of one byte order.
std::string encode(Note const& note);

/// @throws InternalError where the body is no note
Note decode(std::string const& body);

} // namespace distinfer::pipeline
