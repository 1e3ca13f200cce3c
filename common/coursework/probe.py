"""What a case is given: runs of the lab's probes, and expectations in words that teach."""

import random
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from .declare import Faults
from .sandbox import Limits, Sandbox
from .session import CaseFailed, Seen, Session


class Probe:
    """Runs the probes of one flavour. All methods block; all raise CaseFailed where the case has failed."""

    def __init__(self, program: Path | None, sandbox: Sandbox, limits: Limits, seed: str,
                 flavour: str = "release", files: dict[str, str] | None = None, measure=None):
        self.random = random.Random(seed)
        self._program, self._sandbox = program, sandbox
        self._limits, self._flavour = limits, flavour
        self._files, self._measure = files or {}, measure

    @property
    def flavour(self) -> str:
        """release, asan or tsan: sanitized programs are slower and larger."""
        return self._flavour

    def run(self, name: str, numbers=(), word: str = "", faults: Faults | None = None, **limits) -> Seen:
        """Runs the probe `name` to its end and returns what it observed. `limits` as in lab.toml."""
        with self.start(name, numbers, word, faults, **limits) as session:
            return session.finish()

    @contextmanager
    def start(self, name: str, numbers=(), word: str = "", faults: Faults | None = None, **limits) -> Iterator[Session]:
        """Starts the probe `name`; at the end of the `with` it is stopped if it still runs."""
        session = self.launch(**limits)
        session.request(name, word, numbers, faults)
        try:
            yield session
        except (OSError, CaseFailed) as failure:
            broken = session.broke_before()  # a crash explains a refused connection, and not the other way round
            session.stop()
            if broken:
                raise broken from None
            if isinstance(failure, CaseFailed):
                raise
            raise CaseFailed("failed", f"talking to your program failed: {failure}") from None
        finally:
            session.stop()

    def launch(self, **limits) -> Session:
        """A probe's process that waits for its request."""
        given = {name: value for name, value in limits.items() if value is not None}
        ours, theirs = socket.socketpair()
        key = fresh_key()
        ours.sendall(key.encode() + b"\n")  # waits in the channel until the probe begins
        with theirs:
            running = self._sandbox.start(["/probe"], read=[(str(self._program), "/probe")],
                                          limits=replace(self._limits, **given), channel=theirs, sanitized=self._flavour != "release")
        return Session(running, ours, key)

    def expect(self, what: str, *, came, expected) -> None:
        """Ends the case unless `came == expected`."""
        if came != expected:
            raise CaseFailed("failed", _difference(what, _shown(expected), _shown(came)))

    def expect_at_most(self, what: str, *, came, bound) -> None:
        """Ends the case unless `came <= bound`."""
        if came is None or came > bound:
            raise CaseFailed("failed", _difference(what, f"at most {_shown(bound)}", _shown(came)))

    def expect_at_least(self, what: str, *, came, bound) -> None:
        """Ends the case unless `came >= bound`."""
        if came is None or came < bound:
            raise CaseFailed("failed", _difference(what, f"at least {_shown(bound)}", _shown(came)))

    def expect_true(self, what: str, condition: bool, *, came="", expected: str = "true") -> None:
        """Ends the case unless `condition`."""
        if not condition:
            raise CaseFailed("failed", _difference(what, expected, _shown(came)))

    def file(self, name: str) -> str | None:
        """The text of a file of the submission (of a written lab), or None."""
        return self._files.get(name)

    def measure(self):
        """What the lab's own measuring program prints here, as JSON."""
        return self._measure()


def fresh_key() -> str:
    """A key for one run's channel, or a name for one grading's namespace; no file holds either."""
    return secrets.token_hex(8)


def _shown(value, most: int = 400) -> str:
    text = value if isinstance(value, str) else repr(value)
    text = "nothing" if text in ("", "[]", "None") else text
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


def _difference(what: str, expected: str, came: str) -> str:
    return f"{what}\n  expected: {expected}\n  came:     {came}"
