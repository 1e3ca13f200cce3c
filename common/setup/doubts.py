"""What makes the timings of this machine doubtful, and the remedy for each."""

from __future__ import annotations

import json
import os
from pathlib import Path

from common.setup.finding import Finding

GIB = 1024**3


def doubts_about(readings):
    """Return a Finding for each subject, in the order in which they are worth a reader's time."""
    checks = (
        _cores, _affinity, _quota, _load, _governor, _turbo, _virtualization, _steal, _container,
        _open_files, _processes, _memory, _swap,
    )  # fmt: skip
    return [check(readings) for check in checks]


def doubts_about_results(results):
    """Return the Findings about the folder that the results are written to; writes nothing."""
    results = Path(results)
    place = results
    while not place.exists() and place != place.parent:
        place = place.parent
    return [_writable(results, place), _disk(place), _last_build(results)]


def _cores(readings):
    if readings.cores_online == 1:
        return Finding(
            "doubt", "cores", "one core: nothing can run in parallel",
            "use a machine with 2 or more; what is about waiting still holds here",
        )  # fmt: skip
    return Finding("ok", "cores", f"{readings.cores_online}")


def _affinity(readings):
    if readings.cores_allowed < readings.cores_online:
        return Finding(
            "doubt", "affinity",
            f"only {readings.cores_allowed} of {readings.cores_online} cores may be used",
            f"taskset -c 0-{readings.cores_online - 1} make ... (or a new shell without taskset)",
        )  # fmt: skip
    return Finding("ok", "affinity", "all cores may be used")


def _quota(readings):
    if readings.quota_cores is not None and readings.quota_cores < readings.cores_allowed:
        return Finding(
            "doubt", "CPU quota", f"a control group allows {readings.quota_cores:.2g} cores' time",
            "lift it where the container or the service is started (docker run without --cpus)",
        )  # fmt: skip
    return Finding("ok", "CPU quota", "none")


def _load(readings):
    """A load average alone may be our own last run's: it is in doubt with or without a culprit."""
    culprits = [
        f"{name} ({pid}) {share:.0f} %" for share, pid, name in readings.busy[:3] if share >= 5
    ]
    busy = sum(share for share, _, _ in readings.busy)
    if busy < 10 and readings.load <= 0.5 * readings.cores_online:
        return Finding("ok", "load", f"{readings.load:.2f}, nothing busy now")
    return Finding(
        "doubt", "load", f"{readings.load:.2f}; busy now: {', '.join(culprits) or 'nothing'}",
        "stop them, or wait until they are done" if culprits else "wait a minute until it falls",
    )  # fmt: skip


def _governor(readings):
    if not readings.governors:
        return Finding("ok", "CPU governor", "not visible here")
    if readings.governors != {"performance"}:
        return Finding(
            "doubt", "CPU governor", f"{', '.join(sorted(readings.governors))}: the clock varies",
            "sudo cpupower frequency-set -g performance",
        )  # fmt: skip
    return Finding("ok", "CPU governor", "performance")


def _turbo(readings):
    if readings.turbo:
        return Finding(
            "doubt", "turbo", "on: one busy core is faster than all of them",
            "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo (Intel), "
            "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost (others)",
        )  # fmt: skip
    return Finding("ok", "turbo", "not visible here" if readings.turbo is None else "off")


def _virtualization(readings):
    if readings.hypervisor:
        return Finding(
            "doubt", "virtualization", "a virtual machine: its neighbours may be noisy",
            "more trials (FULL=1, TRIALS=n), or a machine of its own",
        )  # fmt: skip
    return Finding("ok", "virtualization", "none seen")


def _steal(readings):
    if readings.steal_percent >= 1:
        return Finding(
            "doubt", "stolen time", f"{readings.steal_percent:.1f} % goes to other machines",
            "measure at a quieter hour, or on a machine with cores of its own",
        )  # fmt: skip
    return Finding("ok", "stolen time", f"{readings.steal_percent:.1f} %")


def _container(readings):
    if readings.container:
        return Finding(
            "doubt", "container", f"{readings.container}: who else uses the host is not visible",
            "measure on the host itself, or see to it that nothing else runs there",
        )  # fmt: skip
    return Finding("ok", "container", "none seen")


def _open_files(readings):
    if readings.open_files < 16384:
        return Finding(
            "doubt", "open files", f"at most {readings.open_files}: large runs will be cut short",
            "ulimit -Hn 65536 as root, or `* hard nofile 65536` in /etc/security/limits.conf",
        )  # fmt: skip
    return Finding("ok", "open files", f"at most {readings.open_files}")


def _processes(readings):
    if readings.processes < 4096:
        return Finding(
            "doubt", "processes", f"at most {readings.processes}: large runs will be cut short",
            "ulimit -u 16384, or docker run --pids-limit=-1",
        )  # fmt: skip
    return Finding("ok", "processes", f"at most {readings.processes}")


def _memory(readings):
    if readings.memory_available_bytes is None:
        return Finding("ok", "memory", "not visible here")
    free = readings.memory_available_bytes / GIB
    if free < 1:
        return Finding(
            "doubt", "memory", f"{free:.1f} GiB free: a process per task may not fit",
            "close what you don't need; ps aux --sort=-rss | head names the largest",
        )  # fmt: skip
    return Finding("ok", "memory", f"{free:.1f} GiB free")


def _swap(readings):
    if readings.swap_used_bytes > GIB // 16:
        return Finding(
            "doubt", "swap", f"{readings.swap_used_bytes / GIB:.1f} GiB in use",
            "free memory, then: sudo swapoff -a && sudo swapon -a",
        )  # fmt: skip
    return Finding("ok", "swap", "not in use")


def _writable(results, place):
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return Finding("ok", "results folder", f"{results}/ can be written")
    return Finding(
        "lacks", "results folder", f"{results}/ can't be written ({place} is in the way)",
        "make 1.2 RESULTS=/another/folder, or change the owner of this one",
    )  # fmt: skip


def _disk(place):
    free = os.statvfs(place)
    free_gib = free.f_bavail * free.f_frsize / GIB
    if free_gib < 1:
        return Finding(
            "doubt", "disk", f"{free_gib:.2f} GiB free", "free some, or make clean and build anew"
        )
    return Finding("ok", "disk", f"{free_gib:.0f} GiB free")


def _last_build(results):
    """Return whether the machine.json written last came from a release build."""
    machines = sorted(results.glob("*/machine.json"), key=lambda path: path.stat().st_mtime)
    if not machines:
        return Finding("ok", "last recorded", "nothing yet")
    try:
        build = json.loads(machines[-1].read_text())["build_type"]
    except (OSError, ValueError, KeyError, TypeError):
        return Finding(
            "doubt", "last recorded", f"{machines[-1]} is not readable", "record anew: make 1.2"
        )
    if build != "release":
        return Finding(
            "doubt", "last recorded", f"{machines[-1].parent} holds timings of a {build} build",
            "record anew with the release build: make 1.2",
        )  # fmt: skip
    return Finding("ok", "last recorded", f"{machines[-1].parent}, a release build")
