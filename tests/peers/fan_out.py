"""The fan-out: 1,000 requests at once to a server that takes 20 ms for each."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

from tests.peers.figures import Figure, cell, median, paired
from tests.peers.programs import Program
from tests.peers.rounds import Rounds
from tests.peers.servers import FLOOR, Failed, Missing, bound_to, needed, output_of

PROGRAMS = (
    Program(FLOOR),
    Program("event_loop", ours=True),
    Program("coroutines", ours=True),
    Program("libuv", package="libuv1-dev"),
    Program("asio", package="libasio-dev"),
    Program("asyncio", source="asyncio_protocol.py"),
)
AT_MOST = 1.03


class FanOut:
    """The comparison of the fan-out's clients."""

    def __init__(self, binaries: Path, cores: tuple, requests: int, repeats: int, rounds: Rounds, only: set):
        self.binaries, self.requests, self.repeats, self.rounds = binaries, requests, repeats, rounds
        self.server_core, self.client_core = cores
        self.programs = [program for program in PROGRAMS if not only or program.name in only or program.name == FLOOR]

    def run(self, rounds: int) -> None:
        self.rounds.run_together([[(program.name,) for program in self.programs]], rounds, self.measure)

    def measure(self, cases: list) -> dict:
        """The median time of each case, or why there is none. By turns and several times in a round: it takes a
        twentieth of a second, and one of those is seldom like the next on a shared machine."""
        found, times = {}, defaultdict(list)
        for _ in range(self.repeats):
            for case in self.rounds.random.sample(cases, len(cases)):
                if case in found:
                    continue
                try:
                    times[case].append(self.seconds(case))
                except (Missing, Failed) as problem:
                    found[case] = problem
        return {case: found.get(case) or {"seconds": median(tuple(times[case]))} for case in cases}

    def seconds(self, case) -> float:
        """Of one run. Raises Missing or Failed."""
        program = next(program for program in self.programs if program.name == case[0])
        command = program.command(self.binaries, "fan_out")
        with self.slow_server() as port:
            return output_of([*command, port, str(self.requests)], self.client_core)["seconds"]

    @contextmanager
    def slow_server(self):
        """A fresh slow server for each run; gives its port."""
        command = [str(needed(self.binaries / "slow_server")), "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   preexec_fn=bound_to(self.server_core))
        try:
            yield re.search(r":(\d+)/", process.stdout.readline())[1]
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def ratio(self, name: str) -> tuple:
        return paired(self.rounds.quantity((name,), "seconds"), self.rounds.quantity((FLOOR,), "seconds"))

    def table(self) -> list[str]:
        lines = [f"{f'fan-out of {self.requests:,} requests of 20 ms: wall time':<47}{'ms':>9}   over the floor"]
        for program in self.programs:
            times = tuple(self.rounds.quantity((program.name,), "seconds").values())
            if times:
                ratio = cell(median(self.ratio(program.name)))
                lines.append(f"{program.name:<47}{1e3 * median(times):>9.1f}   {ratio}")
        return lines

    def figures(self) -> list[Figure]:
        found = [Figure(f"{program.name}, fan-out, wall time over the floor's", self.ratio(program.name),
                        at_most=AT_MOST) for program in self.programs if program.ours]
        return [figure for figure in found if figure.ratios]
