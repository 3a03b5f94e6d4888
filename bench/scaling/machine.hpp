#pragma once

namespace distinfer::scaling
{

/// The machine on which a job is simulated. The defaults are a cluster of hosts with eight GPUs each; those that were
/// not measured are round figures for such machines, and every one is an option of scaling_bench. Bandwidths are in
/// bytes per second, times in seconds.
struct Machine
{
    int ranks_per_host = 8; ///< root is on the first host

    double link_out = 12.5e9; ///< what a host sends: one 100 Gbit/s adapter, shared by its ranks
    double link_in = 12.5e9;  ///< what a host receives, at the same time
    double memory = 10e9;     ///< between ranks of one host, all together: copies through shared memory
    double latency = 2e-6;    ///< of a small message: InfiniBand and its like take 1 to 3 µs

    double reader = 3e9;       ///< one thread that reads large blocks from a parallel file system
    double writer = 2e9;       ///< one thread that writes them
    double file_system = 5e12; ///< of all hosts together: the flash tier of a large centre
    double storage_latency =
        500e-6; ///< before the first byte of a read or write: requests to a metadata and a data server
    bool storage_over_link = true; ///< reading and writing take a host's link too; false: disks have wires of their own

    double message = 2e-6; ///< of the thread that calls MPI, for each note or transfer that it handles or begins
};

/// What MPI itself takes of `Machine::message`; the rest is the loop's, and measured. Open MPI 4.1 takes 0.07 µs for a
/// short message through shared memory; over a network it is more.
inline constexpr double mpi_message = 1e-6;

} // namespace distinfer::scaling
