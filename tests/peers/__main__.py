"""Compares our loop with other people's, in one run on this machine: `make peers`.

The same work, the same clients, in interleaved rounds; each figure is the median of the ratios within the rounds, beside
its bound. Exit codes: 0 good, 1 a figure falls short or a program failed, 2 bad usage, 77 nothing to compare with,
130 interrupted (what was finished is shown).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tests.peers import echo
from tests.peers.figures import OPEN, SHORT
from tests.peers.quiet import Patience
from tests.peers.rounds import Progress, Rounds
from tests.peers.servers import FLOOR, ROOT, SERVERS

PARTS = ("echo",)
FULL = echo.Plan(clients=(10, 100, 1000, 5000), warm_up_ms=150, duration_ms=500)
QUICK = echo.Plan(clients=(10, 1000), warm_up_ms=100, duration_ms=250)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make peers", description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin", help="where the programs are")
    parser.add_argument("--quick", action="store_true", help="2 rounds of short runs: whether it works, no verdicts")
    parser.add_argument("--trials", type=int, help="rounds (default 9; --quick: 2)")
    parser.add_argument("--only", default="", help="parts and servers, a list: echo,libuv,event_loop")
    parser.add_argument("--clients", default="", help="numbers of clients, a list (default 10,100,1000,5000)")
    parser.add_argument("--patience-s", type=float, help="how long to wait, in all, for quiet cores (120; --quick: 5)")
    parser.add_argument("--seed", type=int, default=1, help="of the order within the rounds")
    options = parser.parse_args(arguments)
    known = {*PARTS, *(server.name for server in SERVERS)}
    options.only = set(filter(None, options.only.split(",")))
    for word in sorted(options.only - known):
        parser.error(f"--only: unknown '{word}'; there are {', '.join(sorted(known))}")
    if options.trials is not None and options.trials < 1:
        parser.error(f"--trials: {options.trials} is too few; give 1 or more")
    options.clients = clients_of(options.clients, parser)
    options.rounds = options.trials or (2 if options.quick else 9)
    if options.patience_s is None:
        options.patience_s = 5.0 if options.quick else 120.0
    return options


def clients_of(text: str, parser: argparse.ArgumentParser) -> tuple:
    try:
        counts = tuple(int(word) for word in text.split(",") if word)
    except ValueError:
        counts = (0,)
    if any(count < 1 for count in counts):
        parser.error(f"--clients: '{text}' is no list of numbers; give one such as 10,1000")
    return counts


def choose_cores() -> tuple:
    """(server's, clients'); None where there is one core for both."""
    cores = sorted(os.sched_getaffinity(0))
    return (cores[-2], cores[-1]) if len(cores) > 1 else (None, None)


def report(parts: list, rounds: Rounds) -> int:
    """Print what there is, and return the exit code."""
    rounds.progress.clear()
    figures = [figure for part in parts for figure in part.figures()]
    for part in parts:
        print("\n".join(part.table()) + "\n")
    for figure in figures:
        print(figure.line())
    for name, reason in rounds.missing.items():
        print(f"skipped: {name} {reason}")
    for case, problem in rounds.failed.items():
        print(f"FAILED: {' '.join(map(str, case))}: {problem}")
    verdicts = [figure.verdict() for figure in figures]
    print(f"\n{rounds.measured} runs, {rounds.noisy} of them while others used the cores; {verdicts.count(SHORT)} figures "
          f"fall short, {verdicts.count(OPEN)} are inconclusive (fewer than 6 rounds, or too wide).", flush=True)
    return 1 if SHORT in verdicts or rounds.failed else 0


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    plan = QUICK if options.quick else FULL
    if options.clients:
        plan = echo.Plan(options.clients, plan.warm_up_ms, plan.duration_ms)
    cores = choose_cores()
    progress = Progress()
    patience = Patience([core for core in cores if core is not None] or [0], options.patience_s, progress.say)
    rounds = Rounds(patience, progress, options.seed)
    if cores[0] is None:
        print("one core for server and clients: ratios are worth little here")
    parts = [echo.Echo(options.bin, cores, plan, rounds, options.only - set(PARTS))]
    try:
        for part in parts:
            part.run(options.rounds)
    except KeyboardInterrupt:
        report(parts, rounds)
        return 130
    if FLOOR in rounds.missing:
        print(f"nothing to compare with: {FLOOR} {rounds.missing[FLOOR]}", file=sys.stderr)
        return 77
    return report(parts, rounds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
