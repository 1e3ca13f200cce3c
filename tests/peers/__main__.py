"""Compares our loop with other people's, in one run on this machine: `make peers`.

The same work, the same clients, in interleaved rounds, the echo servers in slices of the same seconds; each figure is
the median of the ratios within the rounds, beside its bound. Exit codes: 0 good, 1 a figure falls short or a program
failed, 2 bad usage, 77 nothing to compare with, 130 interrupted (what was finished is shown).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tests.peers import echo, fan_out, tasks
from tests.peers.figures import OPEN, SHORT
from tests.peers.quiet import Patience
from tests.peers.rounds import Progress, Rounds
from tests.peers.servers import ROOT, SERVERS

PARTS = ("echo", "fan_out", "tasks")
FULL = echo.Plan(clients=(10, 100, 1000, 5000), warm_up_ms=150, duration_ms=1500)
REQUESTS, REPEATS = 1000, 7
TASKS_FULL, TASKS_QUICK = (1_000_000, 1_000_000), (100_000, 100_000)  # steps, sleepers
QUICK = echo.Plan(clients=(10, 1000), warm_up_ms=100, duration_ms=250)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make peers", description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin", help="where the programs are")
    parser.add_argument("--quick", action="store_true", help="2 rounds of short runs: whether it works; so few rounds settle nothing")
    parser.add_argument("--trials", type=int, help="rounds (default 9; --quick: 2)")
    parser.add_argument("--only", default="", help="parts and servers, a list: echo,libuv,event_loop")
    parser.add_argument("--clients", default="", help="numbers of clients, a list (default 10,100,1000,5000)")
    parser.add_argument("--patience-s", type=float, help="how long to wait, in all, for quiet cores (120; --quick: 5)")
    parser.add_argument("--seed", type=int, default=1, help="of the order within the rounds")
    options = parser.parse_args(arguments)
    rows = (*SERVERS, *fan_out.PROGRAMS, *tasks.PROGRAMS)
    known = {*PARTS, *(row.name for row in rows)}
    options.only = set(filter(None, options.only.split(",")))
    for word in sorted(options.only - known):
        parser.error(f"--only: unknown '{word}'; there are {', '.join(sorted(known))}")
    if options.trials is not None and options.trials < 1:
        parser.error(f"--trials: {options.trials} is too few; give 1 or more")
    options.parts = [part for part in PARTS if part in options.only] or list(PARTS)
    options.only -= set(PARTS)
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


def parts_of(options: argparse.Namespace, progress: Progress) -> list:
    """What is compared, each with rounds of its own and the same patience."""
    plan = QUICK if options.quick else FULL
    if options.clients:
        plan = echo.Plan(options.clients, plan.warm_up_ms, plan.duration_ms)
    cores = choose_cores()
    if cores[0] is None:
        print("one core for servers and clients: ratios are worth little here")
    patience = Patience([core for core in cores if core is not None] or [0], options.patience_s, progress.say)
    made = {
        "echo": lambda rounds: echo.Echo(options.bin, cores, plan, rounds, options.only),
        "fan_out": lambda rounds: fan_out.FanOut(options.bin, cores, REQUESTS, 1 if options.quick else REPEATS, rounds,
                                                  options.only),
        "tasks": lambda rounds: tasks.Tasks(options.bin, cores[1], TASKS_QUICK if options.quick else TASKS_FULL, rounds,
                                            options.only),
    }
    return [made[part](Rounds(patience, progress, options.seed)) for part in options.parts]


def report(parts: list) -> int:
    """Print what there is, and return the exit code."""
    for part in parts:
        if part.rounds.measured:
            print("\n".join(part.table()) + "\n")
    figures = [figure for part in parts for figure in part.figures()]
    for figure in figures:
        print(figure.line())
    for part in parts:
        for name, reason in part.rounds.missing.items():
            print(f"skipped: {name} {reason}")
    failed = [(case, problem) for part in parts for case, problem in part.rounds.failed.items()]
    for case, problem in failed:
        print(f"FAILED: {' '.join(map(str, case))}: {problem}")
    verdicts = [figure.verdict() for figure in figures]
    measured, noisy = (sum(getattr(part.rounds, what) for part in parts) for what in ("measured", "noisy"))
    print(f"\n{measured} runs, {noisy} of them while others used the cores; {verdicts.count(SHORT)} figures "
          f"fall short, {verdicts.count(OPEN)} are inconclusive (fewer than 6 rounds, or too wide).", flush=True)
    return 1 if SHORT in verdicts or failed else 0


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    progress = Progress()
    parts = parts_of(options, progress)
    try:
        for part in parts:
            part.run(options.rounds)
    except KeyboardInterrupt:
        progress.clear()
        report(parts)
        return 130
    if not any(part.rounds.measured or part.rounds.failed for part in parts):
        reasons = {name: reason for part in parts for name, reason in part.rounds.missing.items()}
        said = "; ".join(f"{name} {reason}" for name, reason in reasons.items())
        print(f"nothing to compare: {said}", file=sys.stderr)
        return 77
    return report(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
