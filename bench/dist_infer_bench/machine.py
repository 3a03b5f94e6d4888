"""What a figure was measured on, and with."""

import importlib.metadata
import os
import pathlib
import platform
import subprocess


def field(path: str, name: str) -> str:
    """The first value of `name` in a file of lines 'name : value'."""
    for line in pathlib.Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def first_line(*command: str) -> str:
    """What a command says first, or "unknown"."""
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        lines = []
    return lines[0].strip() if lines else "unknown"


def commit() -> str:
    """The commit of the working tree, with a mark where files differ from it."""
    return first_line("git", "-C", str(pathlib.Path(__file__).parent), "describe", "--always", "--dirty")


def describe() -> dict[str, object]:
    """The machine: processor, cores, memory, system."""
    memory_kib = int(field("/proc/meminfo", "MemTotal").split()[0])
    return {
        "processor": field("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": memory_kib * 1024,
        "system": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release().split('-')[0]}",
        "virtual": "hypervisor" in field("/proc/cpuinfo", "flags").split(),
    }


def versions() -> dict[str, str]:
    """The libraries that the contenders share, and those of the peers."""
    found = {name: importlib.metadata.version(name) for name in ("torch", "h5py", "mpi4py", "ray", "lightning")}
    return {"python": platform.python_version(), "mpirun": first_line("mpirun", "--version"), **found}
