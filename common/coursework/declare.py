"""What a lab's cases.py is written with: `case`, `speed`, `Faults`."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

TIERS = ("works", "robust", "fast")
FLAVOURS = ("release", "asan", "tsan")


@dataclass(frozen=True)
class Faults:
    """What goes wrong on purpose in the student's calls that lab.toml's `wrapped` names.

    `short_io`: at most so many bytes in a read or write. `eintr_every`, `eagain_every`, `emfile_every`: every n-th call
    of each kind fails so. `delay_us`: microseconds before a call, by its name; `cond_wait` is every wait on a condition
    variable, held up while its mutex is held.
    """

    short_io: int = 0
    eintr_every: int = 0
    eagain_every: int = 0
    emfile_every: int = 0
    delay_us: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        numbers = {name: getattr(self, name) for name in ("short_io", "eintr_every", "eagain_every", "emfile_every")}
        numbers |= {f"delay:{call}": us for call, us in self.delay_us.items()}
        return " ".join(f"{name}={value}" for name, value in numbers.items() if value)


@dataclass(frozen=True)
class Speed:
    """A speed case: the probe, what it gets, and the least speed as a ratio to the reference's."""

    probe: str
    numbers: tuple[int, ...]
    at_least: float
    rounds: int


@dataclass(frozen=True)
class Case:
    """One thing that is checked, what it is worth, and what to say where it fails."""

    name: str
    title: str
    tier: str
    points: float
    look_at: str
    flavours: tuple[str, ...]
    body: Callable | None
    hidden: bool = False
    speed: Speed | None = None


_declared: list[Case] = []
_declaring = threading.Lock()  # one lab at a time: several may be graded at once


def case(tier: str, points: float, title: str, *, look_at: str, flavours: tuple[str, ...] = ("release",)):
    """Declares the function below as a case. It gets a `Probe`."""
    if tier not in TIERS:
        raise ValueError(f"'{tier}' is no tier: {', '.join(TIERS)}")
    if unknown := set(flavours) - set(FLAVOURS):
        raise ValueError(f"'{unknown.pop()}' is no flavour: {', '.join(FLAVOURS)}")

    def declare(body: Callable) -> Callable:
        _declared.append(Case(body.__name__, title, tier, points, look_at, tuple(flavours), body))
        return body

    return declare


def speed(points: float, title: str, *, probe: str, numbers=(), at_least: float, look_at: str, rounds: int = 9):
    """Declares a case of the tier `fast`: the probe's time against the reference solution's, interleaved.

    Both must observe the same, so that a fast wrong answer is none. The body below may be empty; if it isn't, it gets a
    `Probe` first, as another case's does.
    """

    def declare(body: Callable) -> Callable:
        how = Speed(probe, tuple(numbers), at_least, rounds)
        _declared.append(Case(body.__name__, title, "fast", points, look_at, ("release",), body, speed=how))
        return body

    return declare


def declared_by(text: str, name: str) -> list[Case]:
    """The cases that the source `text` of a cases.py declares, in order."""
    with _declaring:
        _declared.clear()
        exec(compile(text, name, "exec"), {"__name__": "cases"})  # noqa: S102 - the instructor's own file
        return list(_declared)
