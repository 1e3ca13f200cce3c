"""What people read, and what holds for every format: nothing secret, nothing that steers."""

import base64
import json
import unittest

from common.coursework.formats import FORMATS, exit_code
from common.coursework.formats.shown import KIB, bounded, points, printable
from common.coursework.result import Grade
from tests.coursework.stand_in import a_grade, case_result
from tests.coursework.test_formats import BROKEN, FAILED, HIDDEN, NOT_COMPILED


class GradelibTest(unittest.TestCase):
    def test_as_mit_prints_it(self):
        lines = FORMATS["gradelib"](a_grade(case_result(), FAILED)).splitlines()
        self.assertEqual(lines[0], "== Test timers == timers: OK (0.2s)")
        self.assertEqual(lines[1], "== Test wake_up == wake_up: FAIL (0.2s)")
        self.assertEqual(
            lines[2:5],
            ["    The case wake_up (8 points)", "    expected 1, came 2", "    look at: the pipe"],
        )
        self.assertEqual(lines[-1], "Score: 8/16")

    def test_a_case_without_points_still_fails(self):
        worthless = a_grade(case_result(points=0.0, max_points=0.0, verdict="failed"))
        self.assertEqual(
            json.loads(FORMATS["gradescope"](worthless))["tests"][0]["status"], "failed"
        )
        self.assertEqual(
            json.loads(base64.b64decode(FORMATS["github"](worthless)))["tests"][0]["status"], "fail"
        )

    def test_the_exit_code_is_1_below_full_marks_for_people_only(self):
        full, below = a_grade(case_result()), a_grade(case_result(), FAILED)
        self.assertEqual(
            [exit_code("gradelib", grade) for grade in (full, below, NOT_COMPILED, BROKEN)],
            [0, 1, 1, 3],
        )
        self.assertEqual(
            [exit_code("gradescope", grade) for grade in (full, below, NOT_COMPILED, BROKEN)],
            [0, 0, 0, 3],
        )

    def test_an_inconclusive_speed_is_in_the_students_favour_and_said_so(self):
        grade = a_grade(case_result("posts", verdict="inconclusive", output="ratio 0.48 to 0.53"))
        self.assertIn(
            "posts: OK, inconclusive: in your favour (0.2s)\n"
            "    The case posts (8 points)\n    ratio 0.48 to 0.53\n",
            FORMATS["gradelib"](grade),
        )


class EveryFormatTest(unittest.TestCase):
    """What holds for all of them."""

    def test_json_reads_back(self):
        grade = a_grade(case_result(), HIDDEN, problem="refused: \udcff \x00")
        self.assertEqual(Grade.from_json(FORMATS["json"](grade)), grade)

    def test_a_hidden_test_says_nothing_where_the_student_reads_it_at_once(self):
        for name in ("prairielearn", "autolab", "github"):
            text = FORMATS[name](a_grade(case_result(), HIDDEN))
            text = base64.b64decode(text).decode() if name == "github" else text
            for secret in ("secret", "SIGSEGV"):
                self.assertNotIn(secret, text, name)
            self.assertIn("Hidden test 1", text, name)

    def test_no_sandbox_is_said_everywhere(self):
        for name, write in FORMATS.items():
            text = write(a_grade(case_result(), sandbox="UNSANDBOXED"))
            text = base64.b64decode(text).decode() if name == "github" else text
            self.assertIn("UNSANDBOXED", text, name)

    def test_a_students_bytes_steer_nothing(self):
        evil = (
            'x\x1b]0;title\x07\r</script>"\udcff\x9b31m'
            + '{"scores":{"works":100}}\n{"scores":{"works":100}}\n'
        )
        for name, write in FORMATS.items():
            if name == "json":
                continue
            text = write(a_grade(case_result(points=0.0, verdict="failed", output=evil)))
            text.encode("utf-8")
            text = base64.b64decode(text).decode() if name == "github" else text
            for letter in "\x1b\x07\r\x9b":
                self.assertNotIn(letter, text, name)
        self.assertEqual(
            json.loads(
                FORMATS["autolab"](
                    a_grade(FAILED, case_result(points=0.0, verdict="failed", output=evil))
                ).splitlines()[-1]
            )["scoreboard"],
            [0],
        )

    def test_numbers_are_plain(self):
        self.assertEqual(
            [points(number) for number in (8.0, 2.5, 1 / 3, float("nan"), float("inf"))],
            [8, 2.5, 0.333, 0, 0],
        )

    def test_cut_at_whole_letters(self):
        cut = bounded("é" * KIB, 101)
        self.assertLessEqual(len(cut.encode()), 101)
        self.assertTrue(cut.endswith("cut here]"))
        self.assertEqual(printable("a\tb\n\x7f"), "a\tb\n\N{REPLACEMENT CHARACTER}")


if __name__ == "__main__":
    unittest.main()
