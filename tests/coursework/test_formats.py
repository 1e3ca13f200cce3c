"""Each platform's file, held against what the platform's own documents say of it."""

import base64
import json
import re
import unittest

from common.coursework.formats import FORMATS, exit_code
from common.coursework.formats.gradescope import gradescope
from common.coursework.formats.shown import KIB, bounded, points, printable
from common.coursework.result import Grade
from tests.coursework.stand_in import a_grade, case_result

FAILED = case_result(
    "wake_up",
    points=0.0,
    verdict="failed",
    output="expected 1, came 2\nlook at: the pipe",
    tier="robust",
)
HIDDEN = case_result(
    "secret_name",
    points=0.0,
    verdict="crash",
    output="SIGSEGV in a secret",
    hidden=True,
    title="A secret title",
)
BROKEN = a_grade(problem="internal error: ValueError: a bug", max_score=16.0)
NOT_COMPILED = a_grade(
    case_result(points=0.0, verdict="not_run"), problem="does not compile: x.cpp:1: error"
)


class Schema(unittest.TestCase):
    """`fields`: name -> (types, needed). Anything else in an object is a mistake."""

    def check(self, value, fields):
        self.assertEqual(set(value) - set(fields), set(), "fields that the platform doesn't know")
        for name, (kinds, needed) in fields.items():
            if needed:
                self.assertIn(name, value)
            if name in value:
                self.assertIsInstance(value[name], kinds, name)
                self.assertNotIsInstance(
                    value[name], bool if bool not in _tuple(kinds) else bytes, name
                )


def _tuple(kinds):
    return kinds if isinstance(kinds, tuple) else (kinds,)


NUMBER = (int, float)


class GradescopeTest(Schema):
    TOP = {
        "score": (NUMBER, True),
        "execution_time": (NUMBER, False),
        "output": (str, False),
        "output_format": (str, False),
        "test_output_format": (str, False),
        "test_name_format": (str, False),
        "visibility": (str, False),
        "stdout_visibility": (str, False),
        "extra_data": (dict, False),
        "tests": (list, True),
        "leaderboard": (list, False),
    }
    TEST = {
        "score": (NUMBER, True),
        "max_score": (NUMBER, True),
        "status": (str, True),
        "name": (str, True),
        "name_format": (str, False),
        "number": (str, False),
        "output": (str, True),
        "output_format": (str, False),
        "tags": (list, False),
        "visibility": (str, True),
        "extra_data": (dict, False),
    }
    VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
    TEXTS = {"text", "html", "simple_format", "md", "ansi"}

    def read(self, text):
        results = json.loads(text)
        self.check(results, self.TOP)
        for key in ("visibility", "stdout_visibility"):
            self.assertIn(results[key], self.VISIBILITIES)
        for key in ("output_format", "test_output_format", "test_name_format"):
            self.assertIn(results[key], self.TEXTS)
        for test in results["tests"]:
            self.check(test, self.TEST)
            self.assertIn(test["status"], ("passed", "failed"))
            self.assertIn(test["visibility"], self.VISIBILITIES)
        return results

    def test_scores_and_statuses(self):
        results = self.read(gradescope(a_grade(case_result(), FAILED)))
        self.assertEqual(
            (results["score"], [test["status"] for test in results["tests"]]),
            (8, ["passed", "failed"]),
        )
        self.assertIn("look at: the pipe", results["tests"][1]["output"])

    def test_the_scores_of_the_tests_add_up_to_the_score(self):
        results = self.read(gradescope(a_grade(case_result(points=2.5), FAILED, case_result("c"))))
        self.assertEqual(sum(test["score"] for test in results["tests"]), results["score"])

    def test_a_hidden_test_is_shown_once_the_grades_are_published(self):
        tests = self.read(gradescope(a_grade(case_result(), HIDDEN)))["tests"]
        self.assertEqual([test["visibility"] for test in tests], ["visible", "after_published"])
        self.assertEqual(self.read(gradescope(a_grade(HIDDEN)))["stdout_visibility"], "hidden")

    def test_where_the_grader_broke_the_earlier_score_stands(self):
        earlier = json.loads(gradescope(a_grade(case_result(), FAILED)))
        results = self.read(gradescope(BROKEN, earlier))
        self.assertEqual((results["score"], results["tests"]), (8, earlier["tests"]))
        self.assertIn("internal error", results["output"])
        self.assertIn("Your earlier score stands", results["output"])

    def test_where_the_grader_broke_the_first_time_the_result_says_so(self):
        results = self.read(gradescope(BROKEN))
        self.assertEqual((results["score"], results["tests"]), (0, []))
        self.assertIn("not your fault", results["output"])


class PrairieLearnTest(Schema):
    TOP = {
        "gradable": (bool, True),
        "score": (NUMBER, True),
        "message": (str, False),
        "output": (str, False),
        "format_errors": ((str, list), False),
        "images": (list, False),
        "tests": (list, True),
    }
    TEST = {
        "name": (str, True),
        "description": (str, False),
        "points": (NUMBER, True),
        "max_points": (NUMBER, True),
        "message": (str, False),
        "output": (str, False),
        "images": (list, False),
    }

    def read(self, grade):
        text = FORMATS["prairielearn"](grade)
        self.assertLess(len(text.encode()), 1_000_000)
        results = json.loads(text)
        self.check(results, self.TOP)
        self.assertTrue(0 <= results["score"] <= 1)
        for test in results["tests"]:
            self.check(test, self.TEST)
        return results

    def test_the_score_is_a_share_and_every_test_has_points(self):
        results = self.read(a_grade(case_result(), FAILED))
        self.assertEqual((results["gradable"], results["score"]), (True, 0.5))
        self.assertEqual(
            [(test["points"], test["max_points"]) for test in results["tests"]], [(8, 8), (0, 8)]
        )

    def test_what_cannot_be_graded_costs_no_attempt(self):
        for grade in (BROKEN, NOT_COMPILED):
            results = self.read(grade)
            self.assertFalse(results["gradable"])
            self.assertIn(grade.problem, results["format_errors"])
        self.assertTrue(self.read(a_grade(FAILED, problem="refused: it has assembler"))["gradable"])

    def test_it_stays_below_a_megabyte(self):
        noise = "\N{PILE OF POO}\x00é" * 100_000
        self.read(
            a_grade(
                *(
                    case_result(f"c{n}", points=0.0, verdict="failed", output=noise)
                    for n in range(60)
                )
            )
        )

    def test_no_points_at_all_is_no_division_by_zero(self):
        self.assertEqual(self.read(a_grade())["score"], 0)


class AutolabTest(unittest.TestCase):
    def test_the_last_line_is_the_autoresult_with_a_problem_for_each_tier(self):
        last = FORMATS["autolab"](a_grade(case_result(), FAILED, case_result("b"))).splitlines()[-1]
        self.assertEqual(
            json.loads(last), {"scores": {"works": 16, "robust": 0}, "scoreboard": [16]}
        )
        # Autolab quotes bare words before a colon; in what is quoted already it must find none.
        self.assertEqual(re.sub(r"([a-zA-Z0-9]+):", r'"\1":', last), last)

    def test_where_the_grader_broke_no_score_is_set(self):
        self.assertEqual(json.loads(FORMATS["autolab"](BROKEN).splitlines()[-1]), {"scores": {}})


class GitHubTest(Schema):
    TOP = {
        "version": (int, True),
        "status": (str, True),
        "max_score": (NUMBER, True),
        "tests": (list, True),
    }
    TEST = {
        "name": (str, True),
        "status": (str, True),
        "score": (NUMBER, True),
        "message": (str, True),
        "test_code": (str, True),
        "filename": (str, True),
        "line_no": (int, True),
        "duration": (NUMBER, True),
    }

    def read(self, grade):
        line = FORMATS["github"](grade)
        self.assertEqual(line.count("\n"), 1)
        result = json.loads(base64.b64decode(line, validate=False))
        self.check(result, self.TOP)
        for test in result["tests"]:
            self.check(test, self.TEST)
            self.assertIn(test["status"], ("pass", "fail", "error"))
        return result

    def test_the_reporter_adds_up_the_tests(self):
        result = self.read(a_grade(case_result(), FAILED))
        self.assertEqual((result["status"], result["max_score"]), ("fail", 16))
        self.assertEqual(sum(test["score"] for test in result["tests"]), 8)
        self.assertEqual(self.read(a_grade(case_result()))["status"], "pass")

    def test_where_the_grader_broke_no_points_are_reported(self):
        result = self.read(BROKEN)
        self.assertEqual((result["status"], result["max_score"]), ("error", 0))


if __name__ == "__main__":
    unittest.main()
