"""Compares what a program uses with what it may use."""

import os

from . import processes
from .limits import MIB, SANITIZED_MEMORY, Limits

MOST_FILES = 20_000


class Meter:
    """Says which limit a sample breaks."""

    def __init__(self, limits: Limits, sanitized: bool, folder: str | None) -> None:
        """`folder`: what of the host it may fill; None if it has only file systems of its own."""
        self._limits = limits
        self._memory = limits.memory_mib * (SANITIZED_MEMORY if sanitized else 1)
        self._folder = folder
        self._shared_at_first = processes.shared_memory()

    def breach(self, pids: list[int], use: processes.Use, thoroughly: bool) -> tuple[str, str] | None:
        """Return verdict and words of the limit that is broken, None if none is."""
        limits = self._limits
        if use.cpu_s > limits.cpu_s:
            return "cpu", "it used up its CPU time"
        if use.tasks > limits.processes:
            return "processes", f"it had {use.tasks} processes and threads; {limits.processes} are allowed"
        if use.resident > self._memory * MIB:
            held = processes.proportional_memory(pids) // MIB  # forked children share pages
            if held > self._memory:
                return "memory", f"it held {held} MiB of memory; {self._memory} are allowed"
        return self._slow_breach(pids, use) if thoroughly else None

    def _slow_breach(self, pids: list[int], use: processes.Use) -> tuple[str, str] | None:
        hidden = processes.shared_memory() - self._shared_at_first
        if hidden > self._memory * MIB < use.mapped:
            return "memory", f"it filled {hidden // MIB} MiB of shared memory"
        full = f"it wrote more than the {self._limits.disk_mib} MiB of files that it may"
        if self._folder:
            return ("disk", full) if _folder_size(self._folder) > self._limits.disk_mib * MIB else None
        for pid in pids[:1]:
            for place in ("tmp", "dev/shm"):
                free, files = _free(f"/proc/{pid}/root/{place}")
                if free == 0:
                    return "disk", full
                if files > MOST_FILES:
                    return "disk", f"it made more than {MOST_FILES} files"
        return None


def _free(place: str) -> tuple[int, int]:
    """Return the free blocks of a file system, and how many files there are on it."""
    try:
        status = os.statvfs(place)
    except OSError:
        return 1, 0  # it is gone, or not there yet
    # Without a sandbox, and in the moment before it has its own, these are the machine's.
    if os.stat(place).st_dev in {os.stat(ours).st_dev for ours in ("/", "/tmp", "/dev/shm")}:
        return 1, 0
    return status.f_bavail, status.f_files - status.f_ffree


def _folder_size(folder: str) -> int:
    size = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(where, name)).st_blocks * 512
            except OSError:
                pass
    return size
