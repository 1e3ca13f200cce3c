"""Runs an experiment as a user would, and looks at what it leaves: exit code, lines, JSON, processes."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("TWO_CAKES_BIN", ROOT / "build/release/bin"))
SKIP_SUFFIXES = ("manual_time", "real_time")


@dataclass
class Outcome:
    """What a finished program said."""

    exit_code: int
    out: str
    err: str
    json: dict | None

    def rows(self):
        return self.json["benchmarks"]

    def models(self):
        return {row["name"].split("/")[1] for row in self.rows()}

    def names(self):
        return ["/".join(part for part in row["name"].split("/") if part not in SKIP_SUFFIXES)
                for row in self.rows()]


class ExperimentCase(unittest.TestCase):
    """A test of one experiment, whose name the subclass gives."""

    experiment = ""

    def command(self, *flags):
        return [str(BIN / self.experiment), *flags]

    def run_experiment(self, *flags, timeout=60, **how):
        """Runs it with `flags` and its JSON recorded; `how` goes to subprocess.run."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "out.json"
            flags = (*flags, f"--benchmark_out={path}", "--benchmark_out_format=json")
            done = subprocess.run(self.command(*flags), capture_output=True, text=True, cwd=ROOT,
                                  timeout=timeout, **how)
            text = path.read_text() if path.exists() else ""
            return Outcome(done.returncode, done.stdout, done.stderr, json.loads(text) if text else None)

    def assert_refused(self, outcome, *words):
        """Bad input: exit code 2 and one line that holds all `words`."""
        self.assertEqual(outcome.exit_code, 2, outcome.err)
        self.assert_one_line(outcome, *words)

    def assert_one_line(self, outcome, *words):
        self.assertEqual(outcome.err.count("\n"), 1, outcome.err)
        for word in words:
            self.assertIn(word, outcome.err)


def children_of(pid):
    """The process ids of the living children of `pid`."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # the thread has ended meanwhile
            found += [int(child) for child in task.read_text().split()]
    return found


def files_left_behind_by(*command, **how):
    """Runs `command`, and returns the files beside the programs that carry its process id. (Others may be at work there.)"""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT, **how)
    process.wait()
    return [path for path in BIN.iterdir() if re.search(rf"\.{process.pid}\.\w+$", path.name)]


def is_alive(pid):
    """Whether `pid` is a process that still runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
