"""One start of one executable: in its own session, under a deadline, and nothing left of it."""

import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 2.0
KEPT_ERROR_BYTES = 16384

_prctl = getattr(ctypes.CDLL(None), "prctl", lambda *_: -1)


@dataclass(frozen=True)
class Outcome:
    """How a process ended; `exit_code` is minus the signal if a signal ended it."""

    exit_code: int
    seconds: float
    timed_out: bool
    interrupted: bool
    last_line: str  # of its standard error


def adopt_orphans():
    """Make this process the parent of every orphan below it, so that none can slip away."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run_process(command, timeout_seconds, watch, tick=None, tick_seconds=1.0):
    """Run `command` to its end and return its Outcome; raise OSError if it can't be started.

    Blocks until it has ended, `timeout_seconds` have passed, or `watch` has received a signal; in
    the last two cases its whole process group gets SIGTERM, and SIGKILL two seconds later. When it
    returns, the process and everything that it started are dead and reaped.
    `tick()` is called about every `tick_seconds`.
    """
    began = time.monotonic()
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True, preexec_fn=_die_with(os.getpid()),
    )  # fmt: skip
    errors = _Tail(child.stderr)
    timed_out = interrupted = False
    while not _has_ended(child.pid):
        left = began + timeout_seconds - time.monotonic()
        timed_out, interrupted = left <= 0, watch.received != 0
        if timed_out or interrupted:
            _ask_to_end(child.pid, watch)
            break
        watch.wait(min(left, tick_seconds) if tick else left, errors.descriptor)
        errors.read()
        if tick:
            tick()
    seconds = time.monotonic() - began
    _kill_group(child.pid)
    errors.read()
    child.stderr.close()
    exit_code = child.wait()
    _kill_orphans()
    return Outcome(exit_code, seconds, timed_out, interrupted, errors.last_line())


class _Tail:
    """The last of what comes out of a pipe, never waiting for more."""

    def __init__(self, pipe):
        self.descriptor = pipe.fileno()
        self._kept = b""
        self._pipe = pipe
        os.set_blocking(self.descriptor, False)

    def read(self):
        try:
            while self.descriptor is not None:
                part = os.read(self._pipe.fileno(), 65536)
                self._kept = (self._kept + part)[-KEPT_ERROR_BYTES:]
                if not part:
                    self.descriptor = None  # or a closed pipe would wake every wait at once
        except BlockingIOError:
            pass

    def last_line(self):
        lines = self._kept.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _die_with(runner):
    """Return what the child does before exec: die with the runner, even if that gets kill -9."""

    def settle_in():
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != runner:
            os._exit(1)  # the runner was gone before the kernel knew our wish

    return settle_in


def _has_ended(pid):
    """Return whether `pid` has ended, leaving it a zombie: its group's number stays taken."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _ask_to_end(group, watch):
    _signal_group(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while not _has_ended(group) and time.monotonic() < deadline:
        watch.wait(deadline - time.monotonic())


def _kill_group(group):
    _signal_group(group, signal.SIGKILL)


def _signal_group(group, number):
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        pass  # nobody left in it who could be told


def _kill_orphans():
    """Kill and reap what left the group: adopt_orphans() has made them our children."""
    while children := _children():
        for pid in children:
            os.kill(pid, signal.SIGKILL)  # it is ours and not reaped: it can't be somebody else
            os.waitpid(pid, 0)


def _children():
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return []
