"""Tasks: what one costs to await, to post, to spawn, to switch to, and to keep asleep."""

from __future__ import annotations

from pathlib import Path

from tests.peers.figures import Figure, cell, median, paired
from tests.peers.programs import Program
from tests.peers.rounds import Rounds
from tests.peers.servers import output_of

PROGRAMS = (
    Program("ours", ours=True),
    Program("asio", package="libasio-dev"),
    Program("libuv", package="libuv1-dev"),
    Program("asyncio", source="asyncio_tasks.py"),
    Program("go", source="go_tasks.go"),
)
# quantity -> what it is, how many times as much ours may be as asio's
COSTS = {
    "await_ns": ("awaiting a child task", 0.9),
    "post_ns": ("post to the own thread", 1.0),
    "spawn_ns": ("spawn and finish", 0.2),
    "switch_ns": ("a switch to another task", None),
}
SLEEP_AT_MOST_S, BYTES_AT_MOST = 1.12, 112
SLOW = {"asyncio": 10}  # does so many times less, at the same cost for each


class Tasks:
    """The comparison of tasks. Nothing waits for anybody: one core is enough."""

    def __init__(self, binaries: Path, core: int | None, counts: tuple, rounds: Rounds, only: set):
        self.binaries, self.core, self.rounds = binaries, core, rounds
        self.count, self.sleepers = counts
        self.programs = [program for program in PROGRAMS if not only or program.ours or program.name in only]

    def run(self, rounds: int) -> None:
        self.rounds.run([[(program.name,) for program in self.programs]], rounds, self.measure)

    def measure(self, case) -> dict:
        program = next(program for program in self.programs if program.name == case[0])
        command = program.command(self.binaries, "tasks")
        count = self.count // SLOW.get(program.name, 1)
        costs = output_of([*command, str(count)], self.core)
        asleep = [*command, "--sleepers", str(self.sleepers)]
        # A virtual machine's host takes memory that nobody uses, and gives it back page by page when it is touched:
        # a fifth of a second for a million tasks. So a run that nobody looks at has the memory brought first; beside
        # the half minute of a slow program that is nothing.
        if program.name not in SLOW:
            output_of(asleep, self.core)
        return {**costs, **output_of(asleep, self.core)}

    def values(self, name: str, quantity: str) -> dict:
        return self.rounds.quantity((name,), quantity)

    def table(self) -> list[str]:
        heads = ["await, ns", "post, ns", "spawn, ns", "switch, ns", "sleep, s", "bytes each"]
        lines = [f"{f'tasks ({self.sleepers:,} asleep for 1 s)':<30}" + "".join(f"{head:>12}" for head in heads)]
        for program in self.programs:
            found = [tuple(self.values(program.name, quantity).values())
                     for quantity in (*COSTS, "sleep_s", "sleep_bytes")]
            if any(found):
                lines.append(f"{program.name:<30}" + "".join(f"{cell(median(values)):>12}" for values in found))
        return lines

    def figures(self) -> list[Figure]:
        found = [Figure(f"{what}, over asio's", paired(self.values("ours", quantity), self.values("asio", quantity)),
                        at_most=bound) for quantity, (what, bound) in COSTS.items()]
        found.append(Figure(f"{self.sleepers:,} tasks sleep 1 s", tuple(self.values("ours", "sleep_s").values()),
                            at_most=SLEEP_AT_MOST_S, unit=" s"))
        found.append(Figure("a sleeping task's memory", tuple(self.values("ours", "sleep_bytes").values()),
                            at_most=BYTES_AT_MOST, unit=" B"))
        return [figure for figure in found if figure.ratios]
