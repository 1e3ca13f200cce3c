"""Interleaved rounds: in each, everything is measured once, in a new order, so that what changes with time strikes all
alike and the ratios within a round stay. What is compared with each other is a group, measured one right after the
other: a shared machine is another one a minute later."""

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


class Rounds:
    """What was measured: values[case][round] -> {quantity: number}; why what is missing; how many were noisy."""

    def __init__(self, patience: Patience, progress: Progress, seed: int):
        self.patience, self.progress = patience, progress
        self.random = random.Random(seed)
        self.values: dict = defaultdict(dict)
        self.missing: dict = {}
        self.failed: dict = {}
        self.noisy = self.measured = 0

    def run(self, groups: list[list], rounds: int, measure: Callable) -> None:
        """Measure every case of every group once a round; `measure(case)` returns quantities. Raises KeyboardInterrupt,
        and keeps what was finished."""
        begin = time.monotonic()
        for number in range(rounds):
            for case in self._order(groups):
                if self._wanted(case):
                    self.progress.say(f"round {number + 1} of {rounds}, {time.monotonic() - begin:.0f} s: "
                                      f"{' '.join(map(str, case))}")
                    self._measure(case, number, measure)
        self.progress.clear()

    def _order(self, groups: list[list]) -> list:
        """All cases, group by group, in a random order of the groups and within each."""
        shuffled = [self.random.sample(group, len(group)) for group in groups]
        self.random.shuffle(shuffled)
        return [case for group in shuffled for case in group]

    def _wanted(self, case) -> bool:
        return case not in self.failed and case[0] not in self.missing

    def _measure(self, case, number: int, measure: Callable) -> None:
        quiet = self.patience.wait()
        try:
            self.values[case][number] = measure(case)
        except Missing as reason:
            self.missing[case[0]] = str(reason)
            return
        except Failed as problem:
            self.failed[case] = str(problem)
            return
        self.measured += 1
        self.noisy += not quiet

    def quantity(self, case, name: str) -> dict:
        """{round: number} of one quantity of a case."""
        return {number: found[name] for number, found in self.values[case].items() if name in found}
