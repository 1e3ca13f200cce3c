"""An instructor's own points: what they change, and what of them is handed out."""

import shutil
import tempfile
import unittest
from pathlib import Path

from common.coursework.handout import write_handout
from common.coursework.lab import read_lab
from common.coursework.lab_cases import cases_of

TINY = Path(__file__).parent / "tiny"
POINTS = """
[points]
adds = 5
interrupted = 7
many_sums=0
"""


class WeightsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        shutil.copytree(TINY, self.folder / "tiny")
        with (self.folder / "tiny" / "lab.toml").open("a") as file:
            file.write(POINTS)
        self.lab = read_lab(self.folder / "tiny")

    def test_they_replace_those_of_the_cases(self):
        points = {each.name: each.points for each in cases_of(self.lab, hidden=True)}
        self.assertEqual(points, {"adds": 5, "waits": 10, "interrupted": 7, "many_sums": 0})

    def test_a_handout_has_those_of_public_cases_only(self):
        handout, _ = write_handout(self.lab, self.folder)
        text = (handout / "lab.toml").read_text()
        self.assertIn("adds = 5", text)
        self.assertNotIn("interrupted", text)
        self.assertNotIn("many_sums", text)
        points = {each.name: each.points for each in cases_of(read_lab(handout), hidden=False)}
        self.assertEqual(points, {"adds": 5, "waits": 10})


if __name__ == "__main__":
    unittest.main()
