"""One run of a probe: the request, what was observed, how it ended.

The probe's process is the student's: nothing that it says is a verdict. Its lines count only with the grading's key, and
what can be seen from outside (threads, children, CPU time) is read from /proc.
"""

import os
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_MOST_BYTES = 64 << 20  # a probe that tells more floods the judge
_TICK = os.sysconf("SC_CLK_TCK")


class CaseFailed(Exception):
    """The case has failed; `verdict` says how, str() what the student reads."""

    def __init__(self, verdict: str, words: str):
        super().__init__(words)
        self.verdict = verdict


@dataclass(frozen=True)
class Seen:
    """What a probe observed, in order."""

    all: tuple[tuple[str, object], ...]

    def __getitem__(self, name: str) -> list:
        return [value for each, value in self.all if each == name]

    def one(self, name: str):
        """The only value of `name`, or None where there is none or several."""
        values = self[name]
        return values[0] if len(values) == 1 else None


def read_value(text: str):
    """An integer, a float or the text itself."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


class Session:
    """A probe that runs. Its observations arrive by a thread of ours, so the probe never waits for the judge."""

    def __init__(self, running, channel: socket.socket, key: str):
        self._running, self._channel, self._key = running, channel, key.encode() + b" "
        self._lines: list[tuple[str, object]] = []
        self._foreign, self._closed, self._ended_at = 0, False, 0.0
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._ending = None

    def request(self, name: str, word: str, numbers, faults) -> None:
        """Sends the probe off, once it is ready."""
        line = "\t".join((name, word, " ".join(str(int(number)) for number in numbers), str(faults or "")))
        try:
            self._channel.sendall(line.encode() + b"\n")
        except OSError:
            pass  # it ended before it began: finish() says how

    @property
    def seen(self) -> Seen:
        """What was observed up to now."""
        with self._changed:
            return Seen(tuple(each for each in self._lines if each[0] not in ("ready", "end")))

    @property
    def pid(self) -> int:
        """The probe's process, as numbered outside."""
        return self._running.pid

    def wait_for(self, name: str, wall_s: float = 10.0):
        """The first value observed as `name`; the case ends where none comes."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or any(each == name for each, _ in self._lines), wall_s)
            for each, value in self._lines:
                if each == name:
                    return value
        self.finish()
        raise CaseFailed("failed", f"the test waited for '{name}', which never came")

    def go(self) -> None:
        """Lets wait_for_judge() return in the probe."""
        try:
            self._channel.sendall(b"go\n")
        except OSError:
            pass

    def finish(self) -> Seen:
        """Waits for the probe's end and returns all that it observed. Raises CaseFailed for any other end."""
        if self._ending is None:
            self._ending = self._running.wait()
            self._reader.join(timeout=5)
        self._judge_ending()
        return self.seen

    def stop(self) -> None:
        """Ends the probe now, however it fares."""
        if self._ending is None:
            self._ending = self._running.stop()
            self._reader.join(timeout=5)
        self._channel.close()

    def broke_before(self) -> CaseFailed | None:
        """How the probe had broken by itself, if it had."""
        if self._ending is None and not self._closed:
            return None
        try:
            self.finish()
        except CaseFailed as failure:
            return failure
        return None

    def end_took_s(self, since: float) -> float:
        """Seconds from `since` (time.monotonic()) to the probe's end line."""
        return self._ended_at - since

    def connect(self, port: int, timeout_s: float = 10.0) -> socket.socket:
        """A connection to `port` of the sandbox's own loopback."""
        return self.connect_many(port, 1, timeout_s)[0]

    def connect_many(self, port: int, count: int, timeout_s: float = 10.0) -> list[socket.socket]:
        """So many connections to `port` of the sandbox's own loopback."""
        connections = self._running.connect(port, count)
        for connection in connections:
            connection.settimeout(timeout_s)
        return connections

    def sleep(self, seconds: float) -> None:
        """Lets the probe be for a while."""
        time.sleep(seconds)

    def signal(self, number: int) -> None:
        """Sends the probe a signal."""
        os.kill(self.pid, number)

    def threads(self) -> int:
        """How many threads the probe's process has."""
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def children(self) -> int:
        """How many children the probe's process has, the dead but unreaped ones included."""
        return len(self._children())

    def zombies(self) -> int:
        """How many of its children are dead and not reaped."""
        return sum(_stat(child)[0] == "Z" for child in self._children())

    def cpu_seconds(self) -> float:
        """CPU time of the probe's process and its children up to now, user and system; resolution 1/100 s."""
        stats = [_stat(pid) for pid in (self.pid, *self._children())]
        return sum(int(fields[11]) + int(fields[12]) for fields in stats) / _TICK

    def cpu_while_idle(self) -> float:
        """CPU seconds with nothing to do. Looks longer where there were some: a busy machine gives a spinner little at a time."""
        before, used = self.cpu_seconds(), 0.0
        for _ in range(5):
            self.sleep(0.6)
            used = self.cpu_seconds() - before
            if used < 0.02 or used > 0.1:
                break
        return round(used, 2)

    def is_running(self) -> bool:
        """Whether its main thread runs, or would if there were a processor free (proc(5), the state in stat)."""
        return _stat(self.pid)[0] == "R"

    def memory_kib(self) -> int:
        """Resident memory of the probe's process."""
        return _status(str(self.pid), "VmRSS")

    def voluntary_switches(self) -> int:
        """How often the threads of the probe's process, and of its children, have waited."""
        return sum(_status(f"{pid}/task/{thread}", "voluntary_ctxt_switches")
                   for pid in (self.pid, *self._children()) for thread in os.listdir(f"/proc/{pid}/task"))

    def descriptors(self) -> int:
        """How many descriptors the probe's process has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def _children(self) -> list[int]:
        return [pid for pid in self._running.processes() if pid != self.pid and _stat(pid)[1] == str(self.pid)]

    def _judge_ending(self) -> None:
        ending = self._ending
        if ending.verdict != "ended":
            raise CaseFailed(ending.verdict, ending.words)
        seen = self.seen
        if self._foreign:
            raise CaseFailed("failed", "something other than the test wrote to the test's channel (descriptor 3)")
        if (threw := seen["threw"]):
            raise CaseFailed("failed", f"an exception came out of your code: {threw[0]}")
        if not self._ended_at:
            raise CaseFailed("early_exit", f"the program ended (exit code {ending.exit_code}) before the test did")
        if ending.exit_code:
            raise CaseFailed("early_exit", f"the program ended with exit code {ending.exit_code} after the test")

    def _read(self) -> None:
        rest, total = b"", 0
        while total < _MOST_BYTES:
            try:
                piece = self._channel.recv(1 << 16)
            except OSError:
                break
            if not piece:
                break
            total += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            with self._changed:
                for line in lines:
                    self._take(line)
                self._changed.notify_all()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _take(self, line: bytes) -> None:
        if not line.startswith(self._key):
            self._foreign += 1
            return
        name, _, value = line[len(self._key):].decode(errors="replace").partition(" ")
        if name == "end":
            self._ended_at = time.monotonic()
        self._lines.append((name, read_value(value)))


_GONE = ["-"] + ["0"] * 51


def _stat(pid: int) -> list[str]:
    """The fields from the third on; where the process is gone, those of nobody: it may go while it is looked at."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    except OSError:
        return _GONE


def _status(task: str, field: str) -> int:
    for line in Path(f"/proc/{task}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    return 0
