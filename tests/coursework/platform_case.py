"""A lab packed for a platform, and run where the platform's folders are, as that would do."""

import os
import shutil
import tempfile
import unittest
from pathlib import Path

from common.coursework.autograder import write_autograder
from common.coursework.build import solution_sources
from common.coursework.lab import read_lab
from common.coursework.markers import starter
from common.coursework.sandbox import NoSandbox, Sandbox
from tests.coursework.own_root import lacks, run_with

TINY = Path(__file__).parent / "tiny"


def lacks_a_sandbox():
    """Return why nothing can be graded here; "" if it can."""
    try:
        Sandbox.find()
        return ""
    except NoSandbox as why:
        return str(why)


class PlatformCase(unittest.TestCase):
    """`pack` it, put a submission where the platform does, `run_at` the platform's places."""

    at_the_root = True

    @classmethod
    def setUpClass(cls):
        if reason := (cls.at_the_root and lacks()) or lacks_a_sandbox():
            raise unittest.SkipTest(reason)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)  # nobody must reach the tools that a test lays there
        self.lab = read_lab(self._quick_lab())

    def _quick_lab(self):
        """A lab of seconds: the smallest, in one build of five, with one hidden case of three."""
        lab = self.folder / "adder"
        shutil.copytree(TINY, lab, ignore=shutil.ignore_patterns("__pycache__"))
        cases = (
            (lab / "cases.py")
            .read_text()
            .replace(', flavours=("release", "asan", "tsan")', "")
            .replace('"robust", 40', '"robust", 50')
        )
        before, speed, _ = cases.partition("@speed")
        (lab / "cases.py").write_text(
            before.rstrip() + "\n# END HIDDEN TESTS\n" if speed else cases
        )
        return lab

    def pack(self, platform, **options):
        return write_autograder(self.lab, platform, self.folder / "packed", **options)

    def submit(self, folder, source="solution"):
        """Put a submission into `folder`: the solution, the starter, or any other text."""
        texts = {
            "solution": solution_sources(self.lab).files["adder.cpp"].decode(),
            "starter": starter(self.lab.text("adder.cpp"), "adder.cpp"),
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "adder.cpp").write_text(texts.get(source, source))

    def run_at(self, folders, command, directory, path=None):
        environment = {"PATH": path or os.environ["PATH"], "HOME": "/root"}
        return run_with(folders, command, self.folder / "root", directory, environment)


# What can be wrong with a grader, the file of the package to spoil, and what to write there.
SPOILED = {
    "it raises": (
        "common/coursework/grade.py",
        "def grade(*_, **__):\n    raise RuntimeError('a bug')\n",
    ),
    "it can't be read": ("common/coursework/grade.py", "def grade(:\n"),
    "it can't even start": ("common/coursework/on_platform.py", "import no_such_module\n"),
    "its judge dies": ("common/coursework/judge.py", "raise SystemExit('gone')\n"),
    "the lab can't be read": ("lab/adder/lab.toml", "title = \n"),
    "the lab's cases can't be read": ("lab/adder/cases.py", "import\n"),
}
