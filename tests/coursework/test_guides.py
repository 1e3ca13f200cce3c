"""The two guides say what is so: their commands exist, and the tests print what the guide shows."""

import re
import unittest
from pathlib import Path

from common.coursework.autograder import _WRITERS
from common.coursework.engines import ENGINES
from common.coursework.formats import FORMATS
from tests.coursework.stand_in import a_grade, case_result

HOUSE = Path(__file__).resolve().parents[2]
ROOM = HOUSE / "common" / "coursework"
VERDICTS = (
    "time",
    "cpu",
    "memory",
    "processes",
    "descriptors",
    "output",
    "disk",
    "crash",
    "sanitizer",
    "early_exit",
    "not_run",
)


def commands(text):
    """The `make ...` commands of a guide: in its blocks and between its backticks."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    return [words for words in (*lines, *spans) if words.startswith("make")]


class InstructorsGuideTest(unittest.TestCase):
    def setUp(self):
        self.text = (ROOM / "README.md").read_text()
        self.makefile = (HOUSE / "Makefile").read_text()

    def test_its_verbs_and_variables_are_the_front_doors(self):
        verbs = re.search(r"VERBS := (.*?)\n\n", self.makefile, re.S)[1].split()
        exported = re.search(r"\nexport (.*?)\n\w", self.makefile, re.S)[1].split() + [
            "UNSANDBOXED"
        ]
        found = commands(self.text)
        self.assertGreater(len(found), 8)
        for command in found:
            for word in re.sub(r"[\[\]]", "", command).split()[1:]:
                name = word.split("=")[0]
                if "=" in word:
                    self.assertIn(name, exported, command)
                elif not word.startswith(("-", "...", "1.")) and name:
                    self.assertIn(name, verbs, command)

    def test_its_formats_and_engines_are_those_there_are(self):
        self.assertLessEqual(set(re.findall(r"FORMAT=(\w+)", self.text)), set(FORMATS))
        self.assertLessEqual(set(_WRITERS), set(re.findall(r"FORMAT=(\w+)", self.text)))
        self.assertLessEqual(set(re.findall(r"ENGINE=(\w+)", self.text)), set(ENGINES))

    def test_the_files_that_it_names_are_there(self):
        for name in re.findall(r"\]\(([^)]+)\)", self.text):
            self.assertTrue((ROOM / name).exists(), name)


class StudentsGuideTest(unittest.TestCase):
    def setUp(self):
        self.text = (ROOM / "STUDENTS.md").read_text()

    def test_its_commands_are_the_handouts(self):
        from common.coursework.handout import _MAKEFILE

        targets = re.search(r"\.PHONY: (.*)", _MAKEFILE)[1].split()
        for command in commands(self.text):
            for word in command.split()[1:]:
                self.assertIn(word, [*targets, "CASE=name"], command)

    def test_what_the_tests_say_is_what_they_say(self):
        block = re.search(r"```\n(== Test.*?)```", self.text, re.S)[1]
        title, *said = [line.removeprefix("    ") for line in block.splitlines()[1:-1]]
        failed = case_result(
            "timers_in_order",
            points=0.0,
            verdict="failed",
            seconds=0.1,
            title=title.removesuffix(" (8 points)"),
            output="\n".join(said),
        )
        rest = case_result("others", points=46.0, max_points=52.0)
        lines = FORMATS["gradelib"](a_grade(failed, rest)).splitlines()
        self.assertEqual("\n".join([*lines[:-2], lines[-1]]) + "\n", block)

    def test_every_verdict_is_explained(self):
        words = {
            word
            for row in re.findall(r"^\| (`.*?) \|", self.text, re.M)
            for word in re.findall(r"`([^`]+)`", row)
        }
        for verdict in VERDICTS:
            self.assertIn(verdict.replace("_", " "), words)


if __name__ == "__main__":
    unittest.main()
