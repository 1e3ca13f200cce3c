"""One marked source: what is handed out of it, and what is refused."""

import unittest

from common.coursework.errors import CourseworkError
from common.coursework.markers import secret_lines, solution, starter, without_hidden_tests

SOURCE = """int answer()
{
  // BEGIN SOLUTION
  // STUB: return 0;
  const int six = 6;
  return six * 7;
  // END SOLUTION
}
// BEGIN HIDDEN TESTS
PROBE(secret) {}
// END HIDDEN TESTS
"""


class Markers(unittest.TestCase):
    def test_a_starter_has_the_stub_in_place_of_the_solution(self):
        self.assertEqual(starter(SOURCE, "a.cpp"), "int answer()\n{\n  // YOUR CODE HERE\n  return 0;\n}\n")

    def test_the_solution_has_no_marker_and_no_stub(self):
        text = solution(SOURCE, "a.cpp")
        self.assertIn("return six * 7;", text)
        self.assertNotIn("SOLUTION", text)
        self.assertNotIn("STUB", text)

    def test_only_hidden_tests_may_be_taken_out(self):
        text = without_hidden_tests(SOURCE, "a.cpp")
        self.assertIn("BEGIN SOLUTION", text)
        self.assertNotIn("secret", text)

    def test_secrets_are_the_lines_of_both_kinds(self):
        self.assertEqual(secret_lines(SOURCE, "a.cpp"), {"const int six = 6;", "return six * 7;", "PROBE(secret) {}"})

    def test_python_marks_with_a_hash(self):
        self.assertEqual(starter("a = 1\n# BEGIN SOLUTION\nb = 2\n# END SOLUTION\n", "a.py"), "a = 1\n# YOUR CODE HERE\n")

    def test_bad_markers_are_named_with_file_and_line(self):
        for source, said in (
            ("// BEGIN SOLUTION\n// BEGIN SOLUTION\n// END SOLUTION\n", "a.cpp:2: BEGIN SOLUTION inside the SOLUTION"),
            ("// BEGIN SOLUTION\n// BEGIN HIDDEN TESTS\n", "a.cpp:2: BEGIN HIDDEN TESTS inside the SOLUTION"),
            ("x\n// BEGIN SOLUTION\nx\n", "a.cpp:2: BEGIN SOLUTION without its END"),
            ("// END SOLUTION\n", "a.cpp:1: END SOLUTION without its BEGIN"),
            ("// BEGIN SOLUTION\n// END HIDDEN TESTS\n", "a.cpp:2: END HIDDEN TESTS without its BEGIN"),
            ("// BEGIN SOLUTION of the queue\n", "a.cpp:1: looks like a marker but is none"),
            ("// begin solution\n", "a.cpp:1: looks like a marker but is none"),
        ):
            with self.subTest(source), self.assertRaises(CourseworkError) as raised:
                starter(source, "a.cpp")
            self.assertIn(said, str(raised.exception))


if __name__ == "__main__":
    unittest.main()
