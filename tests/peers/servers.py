"""The echo servers that are compared: ours, the floor, and other people's libraries."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FLOOR = "raw_epoll"
_PR_SET_PDEATHSIG = 1


class Missing(Exception):
    """Something that this machine lacks; the text is the reason."""


class Failed(Exception):
    """A program that should have worked; the text is what it said."""


@dataclass(frozen=True)
class Server:
    """One row of the comparison. kind: whom it competes with ("callbacks", "coroutines" or "raw")."""

    name: str
    kind: str
    ours: bool = False
    package: str = ""  # of Debian, that it needs
    python: tuple = ()  # arguments of a Python program instead of a built one

    def command(self, binaries: Path, python: str) -> list[str]:
        """How to start it. Raises Missing."""
        if self.python:
            module = self.python[-1].lstrip("-") if len(self.python) > 1 else "asyncio"
            if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode != 0:
                raise Missing(f"needs {self.package}: make setup-peers")
            return [python, str(HERE / self.python[0]), *self.python[1:]]
        if self.ours:
            return [str(needed(binaries / "waiting_models")), "--serve", self.name]
        return [str(needed(binaries / f"peer_echo_{self.name}", self.package))]


def needed(program: Path, package: str = "") -> Path:
    """The path of a built program. Raises Missing where it was not built."""
    if program.exists():
        return program
    raise Missing(f"needs {package}: make setup-peers" if package else f"{program.name} is not built")


SERVERS = (
    Server(FLOOR, "raw"),
    Server("event_loop", "callbacks", ours=True),
    Server("coroutines", "coroutines", ours=True),
    Server("coroutines_io_uring", "coroutines", ours=True),
    Server("io_uring", "raw", package="liburing-dev"),
    Server("libuv", "callbacks", package="libuv1-dev"),
    Server("libuv_try_write", "callbacks", package="libuv1-dev"),
    Server("asio_callbacks", "callbacks", package="libasio-dev"),
    Server("asio_coroutines", "coroutines", package="libasio-dev"),
    Server("libevent_raw", "callbacks", package="libevent-dev"),
    Server("libevent_buffered", "callbacks", package="libevent-dev"),
    Server("asyncio", "callbacks", python=("echo/asyncio_protocol.py",), package="python3"),
    Server("uvloop", "callbacks", python=("echo/asyncio_protocol.py", "--uvloop"), package="python3-uvloop"),
)


def python() -> str:
    """The Python whose packages are the distribution's."""
    return "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else shutil.which("python3") or "python3"


def bound_to(core: int | None):
    """What a child does first: stay on its core, and end when we do. What is typed on the terminal (Ctrl-C, Ctrl-Z) is
    for us alone."""

    def settle():
        os.setpgrp()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if core is not None:
            os.sched_setaffinity(0, {core})

    return settle


@contextmanager
def serving(command: list[str], core: int | None):
    """Run a server until the end of the block; gives (port, process id). Raises Missing or Failed."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               preexec_fn=bound_to(core))
    try:
        line = process.stderr.readline()
        found = re.search(r"listens on 127\.0\.0\.1:(\d+)", line)
        if not found:
            said = (line + process.stderr.read()).strip()
            raise Missing(said) if process.wait() == 77 else Failed(f"{command[0]}: {said}")
        yield int(found[1]), process.pid
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def output_of(command: list[str], core: int | None, timeout_s: float = 300) -> dict[str, float]:
    """Run a program to its end and return the `name=number` words of what it prints. Raises Missing or Failed."""
    return numbers_of(subprocess.run(command, capture_output=True, text=True, preexec_fn=bound_to(core),
                                     timeout=timeout_s))


def numbers_of(done: subprocess.CompletedProcess) -> dict[str, float]:
    """The `name=number` words of what a program printed that has ended. Raises Missing or Failed."""
    if done.returncode == 77:
        raise Missing(done.stderr.strip())
    if done.returncode != 0:
        raise Failed(f"{Path(done.args[0]).name}: {done.stderr.strip() or f'exit code {done.returncode}'}")
    return {name: float(value) for name, value in re.findall(r"(\w+)=(\S+)", done.stdout)}
