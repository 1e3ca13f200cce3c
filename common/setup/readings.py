"""What /proc and /sys say about this machine: figures only, no opinion (that is doubts.py).

Everything is read below a root folder, so that a test can hand over a machine made of files.
A figure that the machine does not give is None, "" or empty.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Readings:
    """The machine at one moment; shares of CPU time are between two moments."""

    cores_online: int = 0
    cores_allowed: int = 0
    load: float = 0.0
    busy: list = field(default_factory=list)  # (percent of one core, pid, name), busiest first
    governors: set = field(default_factory=set)
    turbo: bool | None = None
    hypervisor: bool = False
    container: str = ""
    steal_percent: float = 0.0
    quota_cores: float | None = None
    open_files: float = float("inf")  # the hard limit: the programs raise their own soft one
    processes: float = float("inf")
    memory_available_bytes: int | None = None
    swap_used_bytes: int = 0


def take_readings(root="/", later=None, own_pid=0):
    """Return the Readings of the machine below `root`.

    `later` is called after the first look at CPU times and returns the root of the second look; it
    should sleep a little first. Without it, steal is since boot and no process counts as busy.
    """
    first = _look(Path(root))
    root = Path(later() if later else root)
    second = _look(root)
    memory = _memory(root)
    online = _count(_text(root, "sys/devices/system/cpu/online")) or 1
    allowed = _count(_field(_text(root, "proc/self/status"), "Cpus_allowed_list")) or online
    return Readings(
        cores_online=online,
        cores_allowed=allowed,
        load=float((_text(root, "proc/loadavg").split() or ["0"])[0]),
        busy=_busy(first, second, own_pid),
        governors=_governors(root),
        turbo=_turbo(root),
        hypervisor=" hypervisor" in _field(_text(root, "proc/cpuinfo"), "flags"),
        container=_container(root),
        steal_percent=_steal_percent(first.cpu, second.cpu),
        quota_cores=_quota_cores(root),
        open_files=_limit(root, "Max open files", hard=True),
        processes=min(_limit(root, "Max processes"), _pids_limit(root)),
        memory_available_bytes=memory.get("MemAvailable"),
        swap_used_bytes=memory.get("SwapTotal", 0) - memory.get("SwapFree", 0),
    )


def _text(root, name):
    try:
        return (root / name).read_text(errors="replace").strip()
    except OSError:
        return ""


def _field(text, name):
    found = re.search(rf"^{re.escape(name)}\s*:\s*(.*)$", text, re.MULTILINE)
    return found.group(1) if found else ""


def _count(ranges):
    """Return how many numbers a list such as `0-3,8` holds."""
    pairs = [part.split("-") for part in ranges.split(",") if part]
    return sum(int(pair[-1]) - int(pair[0]) + 1 for pair in pairs)


@dataclass
class _Look:
    seconds: float  # since boot
    cpu: list  # ticks of all cores: user nice system idle iowait irq softirq steal
    processes: dict  # pid -> (ticks, name)


def _look(root):
    uptime = _text(root, "proc/uptime").split()
    return _Look(float(uptime[0]) if uptime else 0.0, _cpu_times(root), _process_times(root))


def _cpu_times(root):
    line = _text(root, "proc/stat").partition("\n")[0].split()
    return [int(ticks) for ticks in line[1:9]]


def _steal_percent(first, second):
    spent = [b - a for a, b in zip(first, second)]
    if sum(spent) <= 0:
        spent = second
    return 100.0 * spent[7] / sum(spent) if len(spent) > 7 and sum(spent) else 0.0


def _process_times(root):
    times = {}
    for folder in (root / "proc").glob("[0-9]*"):
        head, _, rest = _text(folder, "stat").rpartition(")")
        values = rest.split()
        if len(values) > 12:
            ticks = int(values[11]) + int(values[12])
            times[int(folder.name)] = ticks, head.partition("(")[2]
    return times


def _busy(first, second, own_pid):
    elapsed_ticks = (second.seconds - first.seconds) * os.sysconf("SC_CLK_TCK")
    if elapsed_ticks <= 0:
        return []
    shares = []
    for pid, (ticks, name) in second.processes.items():
        # A process that began in between has spent all its time in between.
        spent = ticks - first.processes.get(pid, (0, name))[0]
        if pid != own_pid:
            shares.append((100.0 * spent / elapsed_ticks, pid, name))
    return sorted(shares, reverse=True)


def _governors(root):
    names = (root / "sys/devices/system/cpu").glob("cpu[0-9]*/cpufreq/scaling_governor")
    return {_text(name.parent, name.name) for name in names}


def _turbo(root):
    intel = _text(root, "sys/devices/system/cpu/intel_pstate/no_turbo")
    if intel:
        return intel == "0"
    boost = _text(root, "sys/devices/system/cpu/cpufreq/boost")
    return boost == "1" if boost else None


def _container(root):
    if (root / ".dockerenv").exists():
        return "docker"
    if (root / "run/.containerenv").exists():
        return "podman"
    return _text(root, "run/systemd/container")


def _quota_cores(root):
    """Return the tightest CPU quota, in cores, of our control group and its ancestors."""
    groups = [line.split(":", 2) for line in _text(root, "proc/self/cgroup").splitlines()]
    quotas = []
    for _, controllers, path in (group for group in groups if len(group) == 3):
        if not controllers:
            mounts, read = ["sys/fs/cgroup", "sys/fs/cgroup/unified"], _quota_v2
        elif "cpu" in controllers.split(","):
            mounts, read = [f"sys/fs/cgroup/{controllers}", "sys/fs/cgroup/cpu"], _quota_v1
        else:
            continue
        inside = Path(path.strip("/"))
        quotas += [
            read(root / mount / folder) for mount in mounts for folder in [inside, *inside.parents]
        ]
    return min((quota for quota in quotas if quota), default=None)


def _quota_v2(folder):
    quota, _, period = _text(folder, "cpu.max").partition(" ")
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() else None


def _quota_v1(folder):
    quota, period = _text(folder, "cpu.cfs_quota_us"), _text(folder, "cpu.cfs_period_us")
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() else None


def _limit(root, name, hard=False):
    found = re.search(rf"^{name}\s+(\S+)\s+(\S+)", _text(root, "proc/self/limits"), re.MULTILINE)
    text = found.group(2 if hard else 1) if found else ""
    return int(text) if text.isdigit() else float("inf")


def _pids_limit(root):
    limits = [_text(root, f"sys/fs/cgroup/{name}") for name in ("pids.max", "pids/pids.max")]
    return min((int(limit) for limit in limits if limit.isdigit()), default=float("inf"))


def _memory(root):
    """Return /proc/meminfo's figures in bytes."""
    lines = (line.split() for line in _text(root, "proc/meminfo").splitlines())
    return {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines if len(words) > 1}
