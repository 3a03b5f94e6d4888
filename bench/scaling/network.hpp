#pragma once

#include "scaling/machine.hpp"

#include <vector>

namespace distinfer::scaling
{

/// Something that passes bytes on at a fixed rate, in the order in which they come. Real links share their rate out;
/// the sum is the same, but here something short waits for the long one before it.
class Pipe
{
  public:
    explicit Pipe(double bytes_per_second) : rate_(bytes_per_second) {}

    /// Passes bytes on that are there at `ready`. When the last of them is through.
    double pass(double ready, double bytes);

    /// Seconds in which it passed something on.
    double busy() const { return busy_; }

  private:
    double rate_;
    double free_ = 0; ///< when it has passed on all that came so far
    double busy_ = 0;
};

/// The links of the hosts and the file system. What moves takes every pipe on its way and has arrived when the slowest
/// is through. Notes are short: they take time, but no bandwidth.
class Network
{
  public:
    Network(Machine const& machine, int ranks);

    /// Moves a window from rank to rank, begun at `ready`. When it is there.
    double move(int from, int to, double ready, double bytes);

    /// Reads a window on a rank, begun at `ready` by a thread that does nothing else. When it is read.
    double read(int rank, double ready, double bytes);

    /// Writes likewise.
    double write(int rank, double ready, double bytes);

    /// Seconds in which root's host sent, and received.
    double root_sending() const { return hosts_.front().out.busy(); }
    double root_receiving() const { return hosts_.front().in.busy(); }

    /// Seconds in which the file system had something to do.
    double file_system_busy() const { return file_system_.busy(); }

  private:
    struct Host
    {
        Pipe out;
        Pipe in;
        Pipe memory;
    };

    Host& host_of(int rank);

    Machine machine_;
    std::vector<Host> hosts_;
    Pipe file_system_;
};

} // namespace distinfer::scaling
