"""What /proc says of a tree of processes: read from outside, where the tested code can't lie."""

import os
from dataclasses import dataclass

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_HAS_CHILDREN = os.path.exists(f"/proc/self/task/{os.getpid()}/children")


@dataclass(frozen=True)
class Use:
    """What a tree of processes uses at one moment; `descriptors`: of the one that has most."""

    tasks: int = 0
    cpu_s: float = 0.0
    resident: int = 0
    mapped: int = 0
    descriptors: int = 0


def below(root: int) -> list[int]:
    """Return the living processes and zombies below `root`, without it, parents first."""
    found: list[int] = []
    for pid in [root]:
        found.extend(children(pid))
    seen = 0
    while seen < len(found):
        found.extend(pid for pid in children(found[seen]) if pid not in found)
        seen += 1
    return found


def children(parent: int) -> list[int]:
    """Return the children of `parent`, whichever of its threads forked them."""
    if not _HAS_CHILDREN:
        return [pid for pid in _all() if _field(pid, 1) == parent]
    found = []
    for task in _listed(f"/proc/{parent}/task"):
        found.extend(int(pid) for pid in _text(f"/proc/{parent}/task/{task}/children").split())
    return found


def use_of(pids: list[int], count_descriptors: bool) -> Use:
    """Return what `pids` use together; the time of children that were waited for counts."""
    tasks = resident = mapped = most = 0
    ticks = 0
    for pid in pids:
        fields = stat_of(pid)
        if not fields:
            continue
        tasks += int(fields[17])
        ticks += sum(int(field) for field in fields[11:15])
        sizes = _text(f"/proc/{pid}/statm").split()
        if len(sizes) > 1:
            mapped += int(sizes[0]) * _PAGE
            resident += int(sizes[1]) * _PAGE
        if count_descriptors:
            most = max(most, len(_listed(f"/proc/{pid}/fd")))
    return Use(tasks, ticks / _TICKS, resident, mapped, most)


def proportional_memory(pids: list[int]) -> int:
    """Return the memory of `pids` in bytes, a page that several share counted once in all."""
    kib = 0
    for pid in pids:
        for line in _text(f"/proc/{pid}/smaps_rollup").splitlines():
            if line.startswith("Pss:"):
                kib += int(line.split()[1])
    return kib << 10


def stat_of(pid: int) -> list[str]:
    """Return the fields of /proc/pid/stat from the state on, [] if it is gone."""
    return _text(f"/proc/{pid}/stat").rpartition(")")[2].split()


def program_of(pid: int) -> str:
    """Return the file name of the program that `pid` runs, "" if it is gone."""
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return ""


def _field(pid: int, number: int) -> int:
    fields = stat_of(pid)
    return int(fields[number]) if fields else 0


def tasks_of_user(uid: int) -> int:
    """Return how many processes and threads of `uid` there are on this machine."""
    tasks = 0
    for pid in _all():
        try:
            if os.stat(f"/proc/{pid}").st_uid == uid:
                tasks += _field(pid, 17)
        except OSError:
            pass
    return tasks


def shared_memory() -> int:
    """Return the machine's shared memory and tmpfs in bytes, which no process's own figures show."""
    for line in _text("/proc/meminfo").splitlines():
        if line.startswith("Shmem:"):
            return int(line.split()[1]) << 10
    return 0


def _all() -> list[int]:
    return [int(name) for name in _listed("/proc") if name.isdigit()]


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
