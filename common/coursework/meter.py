"""Compares what a program uses with what it may use."""

import os
from pathlib import Path

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
                used, files = _filled(Path("/proc", str(pid), "root", place))
                if used >= self._limits.disk_mib * MIB:
                    return "disk", full
                if files > MOST_FILES:
                    return "disk", f"it made more than {MOST_FILES} files"
        return None


def _filled(place: Path) -> tuple[int, int]:
    """Return the bytes and the files on a file system of the program's own."""
    try:
        status = os.statvfs(place)
        if os.stat(place).st_dev == os.stat("/").st_dev:
            return 0, 0
    except OSError:
        return 0, 0  # it is gone, or not there yet
    return (status.f_blocks - status.f_bfree) * status.f_frsize, status.f_files - status.f_ffree


def _folder_size(folder: str) -> int:
    size = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(where, name)).st_blocks * 512
            except OSError:
                pass
    return size
