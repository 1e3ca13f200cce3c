"""Runs a program that nobody trusts: under bubblewrap, in namespaces of its own, within limits.

The program sees /usr read-only, what it is given, a private /tmp, its own processes and its own
loopback. It runs as nobody where we are root: the kernel doesn't count root's processes.
Source: bwrap(1), user_namespaces(7), prlimit(1).
"""

import os
import shutil
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import processes
from .launch import NOBODY, Job, bare_launch, bubblewrap_launch, spawn, tool
from .limits import Limits, kernel_limits, sanitizer_options
from .reachable import Staging
from .watch import NoSandbox, Running

__all__ = ["Limits", "NoSandbox", "Sandbox"]

_OTHERWISE = "or ask for a run without a sandbox, which is marked UNSANDBOXED"
_SWITCHES = (  # what forbids user namespaces, the value that does, and what allows them
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
     "sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
    ("/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
)  # fmt: skip
_IN_A_CONTAINER = (
    "in a container allow it namespaces (docker run --security-opt seccomp=unconfined "
    "--security-opt apparmor=unconfined --security-opt systempaths=unconfined)"
)


@dataclass(frozen=True)
class Sandbox:
    """How programs are run on this machine; `label` is "bubblewrap" or "UNSANDBOXED"."""

    label: str

    @classmethod
    def find(cls, allow_unsandboxed: bool = False) -> "Sandbox":
        """Return the sandbox that works here. Raises NoSandbox where none does, unless allowed."""
        try:
            return cls._tried()
        except NoSandbox:
            if allow_unsandboxed:
                return cls("UNSANDBOXED")
            raise

    @classmethod
    def _tried(cls) -> "Sandbox":
        for tool, package in (("bwrap", "bubblewrap"), ("prlimit", "util-linux")):
            if not shutil.which(tool):
                raise NoSandbox(f"no sandbox: {tool} is missing; apt-get install {package}, {_OTHERWISE}")
        sandbox = cls("bubblewrap")
        try:
            ending = sandbox.start(["/usr/bin/true"]).wait()
        except NoSandbox as why:
            raise NoSandbox(f"no sandbox: {why}; {_remedy()}, {_OTHERWISE}") from None
        if ending.exit_code != 0:
            why = ending.words or ending.output.strip() or f"exit code {ending.exit_code}"
            raise NoSandbox(f"no sandbox: a trial run in it failed ({why}); {_OTHERWISE}")
        return sandbox

    def start(
        self,
        argv: Sequence[str],
        *,
        read: Sequence[tuple[str, str]] = (),
        write: str | None = None,
        limits: Limits = Limits(),
        environment: Mapping[str, str] = {},
        channel: socket.socket | None = None,
        sanitized: bool = False,
    ) -> Running:
        """Start `argv` and return at once; it is watched. The calling thread must outlive it.

        `read`: (path here, path inside), read-only, beside /usr. `write`: a folder, at /build inside.
        `channel`: becomes descriptor 3. `sanitized`: built with a sanitizer, whose shadow memory
        isn't counted. Raises NoSandbox if it can't be started, or a path can't be handed in.
        """
        sandboxed = self.label == "bubblewrap"
        staging = Staging(NOBODY if os.geteuid() == 0 else None)
        try:
            job = Job(
                command=_held(argv, limits, sanitized, sandboxed),
                read=[(staging.readable(path), inside) for path, inside in read],
                write=staging.writable(write) if write else None,
                environment=_environment(environment, limits, sanitized),
                disk_mib=limits.disk_mib,
                sanitized=sanitized,
            )
            launch = bubblewrap_launch(job) if sandboxed else bare_launch(job, staging.folder())
            return Running(spawn(launch, channel), job, limits, sandboxed, staging.clean)
        except BaseException:
            staging.clean()
            raise


def _held(argv: Sequence[str], limits: Limits, sanitized: bool, sandboxed: bool) -> list[str]:
    """Return `argv` behind the commands that hold it to its limits."""
    busy = 0
    if not sandboxed:
        busy = processes.tasks_of_user(NOBODY if os.geteuid() == 0 else os.getuid())
    # Where a kernel randomizes addresses much, an old ThreadSanitizer finds no room for its shadow.
    steady = ["setarch", "-R", "--"] if sanitized else []
    return [tool("prlimit"), *kernel_limits(limits, sanitized, busy), "--", *steady, *argv]


def _environment(given: Mapping[str, str], limits: Limits, sanitized: bool) -> dict[str, str]:
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp", "TMPDIR": "/tmp", **given}
    if sanitized:
        for name, options in sanitizer_options(limits).items():
            environment[name] = f"{given[name]}:{options}" if name in given else options  # the last wins
    return environment


def _remedy() -> str:
    for path, forbids, allows in _SWITCHES:
        try:
            with open(path, encoding="ascii") as file:
                if file.read().strip() == forbids:
                    return f"this machine forbids user namespaces: as root, {allows}"
        except OSError:
            pass
    return _IN_A_CONTAINER
