#include "fault/io_trace.hpp"

#include <fstream>
#include <stdexcept>

namespace distinfer::test
{

std::vector<std::string> tracing(std::string const& folder, std::string const& trace)
{
    return {"DIST_INFER_TEST_TRACE_FOLDER=" + folder, "DIST_INFER_TEST_TRACE=" + trace};
}

std::vector<IoCall> read_trace(std::string const& trace)
{
    std::ifstream in{trace, std::ios::binary};
    std::vector<IoCall> calls;
    for (char kind = 0; in.get(kind);) {
        IoCall call{.kind = static_cast<IoCall::Kind>(kind)};
        in >> call.inode >> call.offset >> call.length >> call.name >> call.other;
        in.get();
        if (call.kind == IoCall::write) {
            call.bytes.resize(call.length);
            in.read(call.bytes.data(), static_cast<std::streamsize>(call.length));
        }
        if (!in) throw std::runtime_error("a trace that is cut: " + trace);
        calls.push_back(std::move(call));
    }
    return calls;
}

} // namespace distinfer::test
