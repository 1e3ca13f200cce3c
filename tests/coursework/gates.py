"""The gates of one lab, named by TWO_CAKES_LAB: what must hold before it may be handed out. CMake's add_lab() runs it."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from common.coursework.build import solution_sources
from common.coursework.grade import grade
from common.coursework.handout import check_handout, write_handout
from common.coursework.lab import find_lab
from common.coursework.lab_cases import cases_of

HOUSE = Path(__file__).parents[2]


class Gates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = find_lab(os.environ["TWO_CAKES_LAB"], HOUSE)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.handout, cls.tar = write_handout(cls.lab, Path(folder.name))

    def graded(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            return grade(self.lab, Path(folder))

    def test_the_points_make_a_hundred(self):
        self.assertEqual(sum(each.points for each in cases_of(self.lab, hidden=True)), 100)

    def test_the_solution_scores_a_hundred(self):
        graded = self.graded(solution_sources(self.lab).files)
        lost = [f"{each.name}: {each.verdict}: {each.output}" for each in graded.cases if each.points < each.max_points]
        self.assertEqual((graded.problem, lost, graded.score), ("", [], 100))

    def test_the_starter_scores_nothing_by_assertion(self):
        graded = self.graded({name: (self.handout / name).read_bytes() for name in self.lab.yours})
        self.assertEqual((graded.problem, graded.score), ("", 0))
        self.assertEqual({each.name: each.verdict for each in graded.cases if each.verdict != "failed"}, {})

    def test_the_handout_gives_nothing_away(self):
        check_handout(self.lab, self.handout)
        self.assertNotIn("BEGIN SOLUTION", "".join((self.handout / name).read_text() for name in self.lab.yours))

    def test_the_handout_builds_alone_and_without_warnings(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["tar", "-xf", self.tar, "-C", folder], check=True)
            alone = Path(folder) / self.handout.name
            built = subprocess.run(["make"], cwd=alone, capture_output=True, text=True,
                                   env={"PATH": "/usr/bin:/bin", "HOME": folder})
            self.assertEqual(built.returncode, 0, built.stderr)
            self.assertNotIn("warning:", built.stderr + built.stdout)


if __name__ == "__main__":
    unittest.main()
