"""A program under watch: limits sampled from outside, its output, its end, and nothing left of it."""

import os
import re
import select
import signal
import socket
import threading
import time
from collections.abc import Callable

from . import network, processes
from .ending import Ending, judged, signal_of
from .launch import Job, Spawned
from .limits import MIB, Limits
from .meter import Meter

SAMPLE_S = 0.02
SLOW_SAMPLES = 5  # every so many samples, what is dearer to look at
LAUNCHERS = ("bwrap", "prlimit", "setarch", "setpriv")


class NoSandbox(Exception):
    """One line: why there is no sandbox here, and the remedy."""


class Running:
    """A program that runs; a thread of its own keeps it to its limits, whether or not one waits."""

    def __init__(
        self, spawned: Spawned, job: Job, limits: Limits, sandboxed: bool, clean: Callable[[], None]
    ) -> None:
        self._spawned, self._limits = spawned, limits
        self._sandboxed, self._sanitized, self._clean = sandboxed, job.sanitized, clean
        self._began = time.monotonic()
        self._outer = os.pidfd_open(spawned.pid)
        self._root, self._handle, self._program = 0, -1, 0
        self._status, self._closed = b"", set[int]()
        self._output = bytearray()
        self._broken: tuple[str, str] | None = None
        self._cpu_s, self._peak, self._most_descriptors = 0.0, 0, 0
        self._meter = Meter(limits, job.sanitized, job.write)
        self._ending: Ending | None = None
        self._failure = ""
        self._stopping = threading.Event()
        self._known = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """The tested program, as seen from outside. Blocks while it starts; raises
        ProcessLookupError if it is over."""
        self._known.wait()
        while self._thread.is_alive():
            if not self._program:
                self._program = self._find_program()
            if self._program:
                return self._program
            time.sleep(0.001)
        raise ProcessLookupError("the program is over")

    def wait(self) -> Ending:
        """Block until it has ended or broken a limit; nothing of it is left then."""
        self._thread.join()
        if self._failure:
            raise NoSandbox(self._failure)
        assert self._ending is not None
        return self._ending

    def stop(self) -> Ending:
        """End it now; nothing of it is left then."""
        self._stopping.set()
        return self.wait()

    def processes(self) -> list[int]:
        """Return the processes of the program, zombies too, as seen from outside."""
        self._known.wait()
        return processes.below(self._root) if self._root else []

    def connect(self, port: int, n: int = 1) -> list[socket.socket]:
        """Return `n` sockets connected to its loopback; raise ConnectionError if it won't."""
        wall_s = max(1.0, self._limits.wall_s)
        if not self._sandboxed:
            sockets = network.connect_here(port, n, wall_s)
        else:
            self._known.wait()
            sockets = network.connect_inside(self._root, port, n, wall_s)
        for one in sockets:
            one.settimeout(wall_s)  # whoever reads from it shall not hang with the program
        return sockets

    def _watch(self) -> None:
        try:
            samples = 0
            while not self._turn(SAMPLE_S):
                samples += 1
                self._look(samples % SLOW_SAMPLES == 0)
                if self._stopping.is_set():
                    self._break("ended", "it was stopped")
            self._finish()
        except Exception as error:  # a watch that failed must not leave the program alone
            self._failure = f"the watch over the program failed: {error!r}"
            self._kill()
        finally:
            self._known.set()
            self._clean()
            for end in (self._outer, self._handle, self._spawned.status, self._spawned.output):
                if end >= 0:
                    os.close(end)

    def _turn(self, seconds: float) -> bool:
        """Take in what the program says, for up to `seconds`; return whether it is over."""
        deadline = time.monotonic() + seconds
        over = False
        while not over and (left := deadline - time.monotonic()) > 0:
            wanted = [self._outer, *self._open_ends()]
            readable = select.select(wanted, [], [], left)[0]
            over = self._outer in readable
            if self._spawned.status in readable:
                self._read_status()
            if self._spawned.output in readable:
                self._read_output()
        return over

    def _open_ends(self) -> list[int]:
        ends = (self._spawned.status, self._spawned.output)
        return [end for end in ends if end not in self._closed]

    def _read_status(self) -> None:
        part = os.read(self._spawned.status, 4096)
        if not part:
            self._closed.add(self._spawned.status)
        self._status += part
        root = self._told("child-pid")
        if root and not self._root:
            self._handle = os.pidfd_open(root)
            self._root = root
            self._known.set()

    def _told(self, name: str) -> int | None:
        """Return what the launcher said of `name`; it writes JSON values, one after the other."""
        found = re.search(rb'"%s":\s*(\d+)' % name.encode(), self._status)
        return int(found[1]) if found else None

    def _read_output(self) -> None:
        part = os.read(self._spawned.output, 1 << 16)
        if not part:
            self._closed.add(self._spawned.output)
        room = self._limits.output_kib * 1024 - len(self._output)
        self._output += part[:room]
        if len(part) > room:
            self._break("output", f"it printed more than {self._limits.output_kib} KiB")

    def _find_program(self) -> int:
        for pid in processes.children(self._root) if self._root else []:
            if processes.program_of(pid) not in (*LAUNCHERS, ""):
                return pid
        return 0

    def _look(self, thoroughly: bool) -> None:
        """Compare what it uses with what it may."""
        if time.monotonic() - self._began > self._limits.wall_s:
            self._break("time", self._words_for_time())
        if not self._root:
            return
        pids = processes.below(self._root)
        use = processes.use_of(pids, thoroughly)
        self._cpu_s = max(self._cpu_s, use.cpu_s)
        self._peak = max(self._peak, use.resident)
        self._most_descriptors = max(self._most_descriptors, use.descriptors)
        if breach := self._meter.breach(pids, use, thoroughly):
            self._break(*breach)

    def _words_for_time(self) -> str:
        limit = self._limits.wall_s
        words = f"it was still running after {limit:g} s"
        if self._cpu_s < 0.1 * limit:
            return f"{words}, asleep (CPU time: {self._cpu_s:.2f} s): it waits for what never comes"
        words += f" ({self._cpu_s:.2f} s of CPU time)"
        return f"{words}: it goes round without an end" if self._cpu_s > 0.7 * limit else words

    def _break(self, verdict: str, words: str) -> None:
        self._broken = self._broken or (verdict, words)
        self._kill()

    def _kill(self) -> None:
        """Kill the root of its processes, with which the kernel ends all in its namespace; without
        a sandbox the launcher does as much on SIGTERM."""
        try:
            if not self._sandboxed:
                signal.pidfd_send_signal(self._outer, signal.SIGTERM)
            elif self._handle >= 0:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            else:
                signal.pidfd_send_signal(self._outer, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it was quicker

    def _finish(self) -> None:
        """Reap it, make sure that nothing of it is left, and judge its end."""
        _, wait_status, usage = os.wait4(self._spawned.pid, 0)
        self._read_rest()
        if self._sandboxed and self._handle >= 0:
            self._kill()
            select.select([self._handle], [], [], 10)  # readable once all in the namespace are gone
            self._reap_root()
        self._read_rest()
        self._cpu_s = max(self._cpu_s, usage.ru_utime + usage.ru_stime)
        status = self._told("exit-code")
        output = self._output.decode(errors="replace")
        if status is None and not self._broken:
            last = output.strip().splitlines()[-1:] or [f"wait status {wait_status}"]
            self._failure = f"the program could not be started in its sandbox: {last[0]}"
            return
        self._ending = self._judge(status, output)

    def _reap_root(self) -> None:
        """Reap what bubblewrap has left to us, as its parent (see launch.adopt_orphans)."""
        try:
            os.waitpid(self._root, 0)
        except ChildProcessError:
            pass  # bubblewrap has done it, or somebody else

    def _read_rest(self) -> None:
        while ready := select.select(self._open_ends(), [], [], 0)[0]:
            if self._spawned.status in ready:
                self._read_status()
            if self._spawned.output in ready:
                self._read_output()

    def _judge(self, status: int | None, output: str) -> Ending:
        if self._broken:
            (verdict, words), status = self._broken, None
        else:
            assert status is not None
            verdict, words = judged(status, output, self._sanitized)
            if verdict in ("crash", "ended") and status and self._most_descriptors >= self._limits.descriptors:
                verdict = "descriptors"
                words = f"it failed with all {self._limits.descriptors} descriptors open. {words}".strip()
            if verdict == "crash" and self._cpu_s >= self._limits.cpu_s:
                verdict, words = "cpu", "it used up its CPU time"
        if verdict == "cpu":
            words = f"it used more than {self._limits.cpu_s:g} s of CPU time"
        name = signal_of(status) if status else ""
        code = None if name or self._broken else status
        return Ending(verdict, code, name, output, words, self._cpu_s, self._peak / MIB)
