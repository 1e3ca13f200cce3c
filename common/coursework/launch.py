"""How a program is launched: the command, and the descriptors that go with it."""

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .limits import MIB
from .seccomp import filter_program

NOBODY = 65534
_CHANNEL, _STATUS, _ARGUMENTS, _FILTER = 3, 4, 5, 6  # descriptors of what is launched
_PR_SET_CHILD_SUBREAPER = 36
_ABOVE = 64  # ours are copied to numbers above those, so that no copy overwrites another
_SYSTEM = ("/etc/ld.so.cache", "/etc/alternatives")
_BARE = Path(__file__).with_name("bare.py")


@dataclass(frozen=True)
class Job:
    """What is to run, on which files."""

    command: list[str]
    read: list[tuple[str, str]]  # path here, path inside
    write: str | None  # a folder, at /build inside
    environment: dict[str, str]
    disk_mib: int
    sanitized: bool


@dataclass(frozen=True)
class Launch:
    """What is to be spawned; `told`: what it reads from which descriptor."""

    argv: list[str]
    environment: dict[str, str]
    told: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Spawned:
    """`pid` is a child of ours; `status` says, in JSON, its "child-pid" and then "exit-code"."""

    pid: int
    status: int
    output: int


def bubblewrap_launch(job: Job) -> Launch:
    """Return how to start `job` under bubblewrap. Its options go by a descriptor, and it gets no
    environment of ours, because the sandboxed program can read its parent's in /proc."""
    text = b"".join(os.fsencode(option) + b"\0" for option in _options(job))
    argv = [tool("bwrap"), "--args", str(_ARGUMENTS), "--", *job.command]
    if os.geteuid() == 0:
        argv = [tool("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--", *argv]
    told = {_ARGUMENTS: text, _FILTER: filter_program(traced=job.sanitized)}
    return Launch(argv, {"PATH": os.defpath}, told)


@cache
def bubblewrap_help() -> str:
    """Return what this machine's bubblewrap says of its options."""
    return subprocess.run([tool("bwrap"), "--help"], capture_output=True, text=True, check=False).stdout


def _options(job: Job) -> list[str]:
    size = ["--size", str(job.disk_mib * MIB)] if "--size" in bubblewrap_help() else []  # from 0.7 on
    options = ["--unshare-all", "--unshare-user", "--new-session", "--die-with-parent"]
    options += ["--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "sandbox"]
    options += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib32", "lib64", "sbin"):
        if os.path.islink(f"/{name}"):
            options += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
        else:
            options += ["--ro-bind-try", f"/{name}", f"/{name}"]
    for path in _SYSTEM:
        options += ["--ro-bind-try", path, path]
    options += ["--proc", "/proc", "--dev", "/dev", *size, "--tmpfs", "/dev/shm", *size, "--tmpfs", "/tmp"]
    for path, inside in job.read:
        options += ["--ro-bind", path, inside]
    options += ["--bind", job.write, "/build"] if job.write else []
    options += ["--remount-ro", "/dev", "--remount-ro", "/", "--clearenv"]
    for name, value in job.environment.items():
        options += ["--setenv", name, value]
    options += ["--chdir", "/build" if job.write else "/tmp"]
    return [*options, "--json-status-fd", str(_STATUS), "--seccomp", str(_FILTER)]


def bare_launch(job: Job, private: str) -> Launch:
    """Return how to start `job` without namespaces: what is a path inside becomes the path here,
    and `private` is its folder for files."""
    places = {inside: path for path, inside in job.read}
    if job.write:
        places["/build"] = job.write
    user = NOBODY if os.geteuid() == 0 else os.getuid()
    argv = [sys.executable, "-I", "-S", str(_BARE), str(_STATUS), str(user), job.write or private]
    argv += [_place(word, places) for word in job.command]
    return Launch(argv, job.environment | {"HOME": private, "TMPDIR": private})


def _place(word: str, places: dict[str, str]) -> str:
    for inside, here in places.items():
        if word == inside or word.startswith(inside + "/"):
            return here + word[len(inside) :]
    return word


@cache
def adopt_orphans() -> None:
    """Make this process the parent of every orphan below it. bubblewrap leaves without its child,
    which would stay a zombie wherever the first process reaps none, as in many containers."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def spawn(launch: Launch, channel: socket.socket | None) -> Spawned:
    """Start it: no input, its output in one pipe, and no descriptor of ours but those it needs."""
    adopt_orphans()
    status, status_end = os.pipe()
    output, output_end = os.pipe()
    ends = {1: output_end, 2: output_end, _STATUS: status_end}
    if channel:
        ends[_CHANNEL] = channel.fileno()
    opened = [status_end, output_end]
    try:
        for number, text in launch.told.items():
            ends[number] = _filled(text)
            opened.append(ends[number])
        copies = {number: fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _ABOVE) for number, end in ends.items()}
        opened += copies.values()
        actions: list[tuple] = [(os.POSIX_SPAWN_CLOSE, number) for number in _inheritable()]
        actions.append((os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0))
        actions += [(os.POSIX_SPAWN_DUP2, copy, number) for number, copy in copies.items()]
        # Python ignores some signals, and what is ignored stays so in a new program.
        normal = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}
        pid = os.posix_spawn(
            launch.argv[0], launch.argv, launch.environment, file_actions=actions, setsigmask=[], setsigdef=normal
        )
    except BaseException:
        os.close(status)
        os.close(output)
        raise
    finally:
        for end in opened:
            os.close(end)
    return Spawned(pid, status, output)


def _filled(text: bytes) -> int:
    """Return a descriptor from which `text` is read."""
    end = os.memfd_create("told", os.MFD_CLOEXEC)
    os.write(end, text)
    os.lseek(end, 0, os.SEEK_SET)
    return end


def _inheritable() -> list[int]:
    """Return what would slip through, such as the descriptors of Make's jobs."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            if int(name) > 2 and os.get_inheritable(int(name)):
                found.append(int(name))
        except OSError:
            pass  # the listing's own
    return found


def tool(name: str) -> str:
    """Return the path of a program of the system."""
    return shutil.which(name) or f"/usr/bin/{name}"
