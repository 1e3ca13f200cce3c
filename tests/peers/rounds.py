"""Interleaved rounds: in each, everything is measured once, in a new order, so that what changes with time strikes all
alike and the ratios within a round stay. What is compared with each other is a group, measured one right after the
other, or together: a shared machine is another one a minute later."""

from __future__ import annotations

import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable

from tests.peers.quiet import Patience
from tests.peers.servers import Failed, Missing


class Progress:
    """One line on a terminal, which the next one replaces; nothing elsewhere."""

    def __init__(self):
        self.shown = sys.stderr.isatty()

    def say(self, text: str) -> None:
        if self.shown:
            print(f"\r\x1b[K{text[:110]}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        self.say("")


def outcome_of(action: Callable):
    """What `action()` returns, or the Missing or Failed that it raises."""
    try:
        return action()
    except (Missing, Failed) as problem:
        return problem


class Rounds:
    """What was measured: values[case][round] -> {quantity: number}; why what is missing; how many were noisy."""

    def __init__(self, patience: Patience, progress: Progress, seed: int):
        self.patience, self.progress = patience, progress
        self.random = random.Random(seed)
        self.values: dict = defaultdict(dict)
        self.missing: dict = {}
        self.failed: dict = {}
        self.noisy = self.measured = 0
        self.begin, self.stage = time.monotonic(), ""

    def run(self, groups: list[list], rounds: int, measure: Callable) -> None:
        """Measure every case of every group once a round; `measure(case)` returns quantities, or raises Missing or
        Failed. Raises KeyboardInterrupt, and keeps what was finished."""
        self._run(groups, rounds, lambda cases: {cases[0]: outcome_of(lambda: measure(cases[0]))},
                  lambda group: [[case] for case in group])

    def run_together(self, groups: list[list], rounds: int, measure: Callable) -> None:
        """The same with a `measure(cases)` of a whole group: it returns {case: quantities, or a Missing or Failed}."""
        self._run(groups, rounds, measure, lambda group: [group])

    def say(self, what: str) -> None:
        """Shows how far it is."""
        self.progress.say(f"{self.stage}, {time.monotonic() - self.begin:.0f} s: {what}")

    def _run(self, groups: list[list], rounds: int, measure: Callable, parts_of: Callable) -> None:
        self.begin = time.monotonic()
        for number in range(rounds):
            self.stage = f"round {number + 1} of {rounds}"
            for group in self._order(groups):
                for part in parts_of([case for case in group if self._wanted(case)]):
                    self.say(", ".join(" ".join(map(str, case)) for case in part))
                    self._measure(part, number, measure)
        self.progress.clear()

    def _order(self, groups: list[list]) -> list[list]:
        """All groups in a random order, and each in one."""
        shuffled = [self.random.sample(group, len(group)) for group in groups]
        self.random.shuffle(shuffled)
        return shuffled

    def _wanted(self, case) -> bool:
        return case not in self.failed and case[0] not in self.missing

    def _measure(self, cases: list, number: int, measure: Callable) -> None:
        quiet = self.patience.wait()
        for case, found in measure(cases).items():
            if isinstance(found, Missing):
                self.missing[case[0]] = str(found)
            elif isinstance(found, Failed):
                self.failed[case] = str(found)
            else:
                self.values[case][number] = found
                self.measured += 1
                self.noisy += not quiet

    def quantity(self, case, name: str) -> dict:
        """{round: number} of one quantity of a case."""
        return {number: found[name] for number, found in self.values[case].items() if name in found}
