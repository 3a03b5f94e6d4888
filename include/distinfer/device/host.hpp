#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace distinfer::device
{

/// Numbers of the cores in this process's affinity mask.
std::vector<int> usable_cores();

/// Numbers of the cores that this process could use if its launcher had not bound it: those that its container or job
/// leaves it. Nothing is changed.
std::vector<int> cores_to_be_had();

/// Has malloc keep what is freed for the next batch. As it comes, it maps and unmaps the large tensors of every batch,
/// and new pages cost more than a convolution that fills them: on a small CNN a job took 18 s instead of 5 s (two
/// ranks, two cores, glibc 2.36). Call it before there are threads.
void keep_freed_memory();

/// Gives the memory that keep_freed_memory() has kept back to the system, once.
void give_back_freed_memory();

/// Bytes that processes of this host can still take: what the system has, or what the control group of this process
/// (a SLURM job, a container) leaves, whichever is less.
/// @param root where /proc and /sys are
std::uint64_t available_memory_bytes(std::string const& root = "");

/// The most memory that this process ever had resident, libraries and shared pages included.
std::uint64_t peak_memory_bytes();

/// This host's name, without its domain.
std::string host_name();

} // namespace distinfer::device
