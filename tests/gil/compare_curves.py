"""Does the imitated lock reproduce CPython's curve? Prints real, imitated and their ratio.

    python3 -m tests.gil.compare_curves [--trials N] [--limit PERCENT] [--bin FOLDER]

Runs imitated_gil in N processes, each with its series in another random order, and compares what
each lock gains from more threads, in the same run: the median of the trials. A figure, so it is no
test of ctest's: on a machine that does something else, it says little.
Exit codes: 0 all within the limit, 1 not all, 2 bad input.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("TWO_CAKES_BIN", ROOT / "build/release/bin"))
LOCKS = ("real_gil", "imitated_gil")


def one_trial(program, seed, flags):
    """Return {(lock, work, workers): seconds} of one process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trial.json"
        command = [program, f"--order_seed={seed}", "--benchmark_filter=workers", *flags,
                   f"--benchmark_out={path}", "--benchmark_out_format=json"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ValueError(f"{program}: exit code {done.returncode}: {done.stderr.strip()}")
        rows = json.loads(path.read_text())["benchmarks"]
    seconds = {}
    for row in rows:
        if row.get("error_occurred"):
            raise ValueError(f"{row['name']}: {row['error_message']}")
        _, lock, work, workers, *_ = row["name"].split("/")
        seconds[lock, work.split(":")[1], int(workers.split(":")[1])] = row["real_time"] / 1e3
    return seconds


def speedups(trials):
    """Return {(work, workers): {lock: the median over the trials of what it gains over one}}."""
    gains = defaultdict(lambda: defaultdict(list))
    for trial in trials:
        for (lock, work, workers), seconds in trial.items():
            gains[work, workers][lock].append(trial[lock, work, 1] / seconds)
    return {point: {lock: statistics.median(each) for lock, each in by_lock.items()}
            for point, by_lock in gains.items()}


def main(arguments):
    """Run the trials, print the table; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=8)
    parser.add_argument("--limit", type=float, default=15, metavar="PERCENT")
    parser.add_argument("--bin", type=Path, default=BIN)
    parser.add_argument("flags", nargs="*", help="for imitated_gil, after --")
    options = parser.parse_args(arguments)
    program = options.bin / "imitated_gil"
    load = os.getloadavg()[0]
    try:
        trials = [one_trial(program, seed + 1, options.flags) for seed in range(options.trials)]
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    worst = 0.0
    print(f"{'work':6} {'threads':>7} {'real':>7} {'imitated':>9} {'ratio':>7}")
    for (work, workers), gains in sorted(speedups(trials).items()):
        real, imitated = (gains[lock] for lock in LOCKS)
        worst = max(worst, abs(imitated / real - 1) * 100)
        print(f"{work:6} {workers:7} {real:7.3f} {imitated:9.3f} {imitated / real:7.3f}")
    print(f"{options.trials} trials, load {load:.1f} at the start; at worst {worst:.1f} % off, "
          f"the limit is {options.limit:g} %")
    return 0 if worst <= options.limit else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
