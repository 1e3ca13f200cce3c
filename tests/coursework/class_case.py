"""A class of made-up students, graded by the stand-in grader in a process of its own."""

import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from tests.coursework.stand_in import REPOSITORY, make_lab, make_submission

DRIVER = """
import sys
from pathlib import Path
sys.path.insert(0, {repository!r})
from common.coursework.engines import ENGINES
from common.coursework.grade_all import grade_all
from common.coursework.hand_ins import find_hand_ins
from common.coursework.lab import read_lab
folder, engine, jobs, timeout = sys.argv[1:]
to = Path(folder, "out")
worker = [sys.executable, "-B", {worker!r}, "--lab", folder + "/stand_in"]
submissions, _ = find_hand_ins(Path(folder, "class"), to / "results")
lab = read_lab(Path(folder, "stand_in"))
limits = (int(jobs), int(timeout))
sys.exit(grade_all(lab, submissions, to, ENGINES[engine], worker, *limits))
"""


class ClassCase(unittest.TestCase):
    """`hand_in` submissions, then `grade_them`; `self.out` holds what came."""

    engine = "parallel"
    environment = {}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.out = self.folder / "out"
        make_lab(self.folder)

    def hand_in(self, **students):
        for name, behave in students.items():
            make_submission(self.folder / "class" / name, behave)

    def change(self, name, behave):
        (self.folder / "class" / name / "behave").write_text(behave)

    def start(self, jobs=2, timeout=60):
        driver = DRIVER.format(
            repository=str(REPOSITORY), worker=str(REPOSITORY / "tests/coursework/stand_in.py")
        )
        return subprocess.Popen(
            [sys.executable, "-B", "-c", driver, self.folder, self.engine, str(jobs), str(timeout)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, **self.environment},
        )

    def grade_them(self, **options):
        """Return (exit code, stderr)."""
        with self.start(**options) as process:
            out, error = process.communicate(timeout=120)
        self.assertEqual(out, "")
        self.assertNotIn("Traceback", error)
        return process.returncode, error

    def interrupt(self, process, number=signal.SIGINT):
        process.send_signal(number)
        _, error = process.communicate(timeout=60)
        self.assertNotIn("Traceback", error)
        return process.returncode, error

    def wait_for(self, *names):
        """Wait until those students have their results."""
        give_up = time.monotonic() + 60
        while not all((self.out / "results" / f"{name}.json").exists() for name in names):
            self.assertLess(time.monotonic(), give_up, "no result came")
            time.sleep(0.05)

    def record(self, name):
        return json.loads((self.out / "results" / f"{name}.json").read_text())

    def graded(self):
        """Return who was graded, in order, each time."""
        return (self.folder / "graded.log").read_text().split()

    def table(self):
        with (self.out / "grades.csv").open(newline="") as file:
            return {row["submission"]: row for row in csv.DictReader(file)}

    def assert_nothing_is_left(self):
        self.assertEqual(
            sorted(path.name for path in self.out.iterdir()),
            ["grades.csv", "grades.html", "results"],
        )
        self.assertEqual(
            [path.name for path in (self.out / "results").iterdir() if path.suffix != ".json"], []
        )
        running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
        self.assertNotIn(str(self.folder / "class"), running)
