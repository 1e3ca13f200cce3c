"""What becomes of a submission: right, wrong, broken, or none at all. On the smallest lab."""

import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

from common.coursework import grade as grade_module
from common.coursework.build import solution_sources
from common.coursework.errors import CourseworkError
from common.coursework.grade import grade
from common.coursework.lab import read_lab

LAB = read_lab(Path(__file__).parent / "tiny")
QUICK = replace(LAB, limits={"wall_s": 2})


def program(add, top=""):
    """A submission whose add() has this body."""
    return f'#include "adder.hpp"\n{top}\nlong add(long left, long right)\n{{\n{add}\n}}\nint read_byte(int) {{ return -1; }}\n'


class Grading(unittest.TestCase):
    def graded(self, text, lab=LAB, only="adds", **options):
        with tempfile.TemporaryDirectory() as folder:
            if text is not None:
                (Path(folder) / "adder.cpp").write_text(text)
            return grade(lab, Path(folder), only=only, **options)

    def only_case(self, text, **options):
        graded = self.graded(text, **options)
        self.assertEqual((graded.problem, len(graded.cases)), ("", 1))
        return graded.cases[0]

    def test_a_right_answer_gets_its_points(self):
        graded = self.graded(solution_sources(LAB).files["adder.cpp"].decode())
        self.assertEqual((graded.problem, graded.score, graded.max_score), ("", 40, 40))
        self.assertEqual(graded.cases[0].verdict, "passed")

    def test_a_wrong_answer_says_what_was_expected_what_came_and_where_to_look(self):
        case = self.only_case(program("return left - right;"))
        self.assertEqual((case.verdict, case.points), ("failed", 0))
        for words in ("the sum of", "expected: [", "came:     [", "look at:  the operator in add()"):
            self.assertIn(words, case.output)

    def test_a_regrade_sends_the_same(self):
        wrong = program("return left - right;")
        self.assertEqual(self.only_case(wrong).output, self.only_case(wrong).output)

    def test_leaving_early_fails(self):
        may_exit = replace(LAB, may=("exit",))
        case = self.only_case(program("std::exit(static_cast<int>(left * right * 0));", "#include <cstdlib>"), lab=may_exit)
        self.assertEqual((case.verdict, case.points), ("early_exit", 0))

    def test_a_crash_names_its_signal(self):
        case = self.only_case(program("return *reinterpret_cast<volatile long*>(left - left + right - right);"))
        self.assertEqual((case.verdict, case.points), ("crash", 0))
        self.assertIn("SIGSEGV", case.output)

    def test_an_endless_loop_is_out_of_time(self):
        case = self.only_case(program("for (volatile long n = left; n != right + n + 1; n = n) {} return 0;"), lab=QUICK)
        self.assertEqual((case.verdict, case.points), ("time", 0))

    def test_an_exception_that_comes_out_is_told(self):
        case = self.only_case(program('if (left != right) throw std::runtime_error("no sums today"); return 0;', "#include <stdexcept>"))
        self.assertIn("no sums today", case.output)
        self.assertEqual(case.points, 0)

    def test_what_the_program_writes_to_the_tests_channel_counts_for_nothing(self):
        forging = "const char line[] = \"open sum 3\\nopen end 0\\n\"; if (write(3, line, sizeof line - 1) < 0) {} return left * 0 + right * 0;"
        self.assertEqual(self.only_case(program(forging, "#include <unistd.h>")).points, 0)

    def test_what_does_not_compile_is_named_with_its_line(self):
        graded = self.graded(program("return left plus right;"))
        self.assertEqual(graded.score, 0)
        self.assertRegex(graded.problem, r"^does not compile: adder\.cpp:5:")
        self.assertEqual([case.verdict for case in graded.cases], ["not_run"])

    def test_a_missing_file_is_named(self):
        graded = self.graded(None)
        self.assertEqual(graded.score, 0)
        self.assertRegex(graded.problem, "^refused: .*adder.cpp")

    def test_only_the_public_cases_without_the_hidden_ones(self):
        graded = self.graded(program("return left + right;"), only=None, hidden=False)
        self.assertEqual((graded.score, graded.max_score), (50, 50))
        self.assertFalse(any(case.hidden for case in graded.cases))

    def test_an_unknown_case_lists_those_there_are(self):
        with self.assertRaisesRegex(CourseworkError, "no case 'subtracts' in tiny: there are adds, waits"):
            self.graded(program("return 0;"), only="subtracts")

    def test_a_judge_that_dies_is_an_internal_error_and_no_grade(self):
        with mock.patch.object(grade_module, "_judge_command", lambda: ["/bin/sh", "-c", "cat >/dev/null; exit 3"]):
            graded = self.graded(program("return left + right;"))
        self.assertRegex(graded.problem, "^internal error: ")
        self.assertEqual(graded.score, 0)

    def test_a_slow_right_answer_fails_where_speed_is_asked(self):
        slow = "volatile long sum = 0; for (int n = 0; n < 60; ++n) sum = left + right; return sum;"
        case = self.only_case(program(slow), only="many_sums")
        self.assertEqual((case.verdict, case.points), ("failed", 0))
        self.assertIn("the reference's speed (95 % interval", case.output)


if __name__ == "__main__":
    unittest.main()
