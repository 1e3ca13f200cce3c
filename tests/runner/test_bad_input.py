"""Bad command lines: one line on stderr that names the thing and the remedy, exit code 2."""

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from fake_repository import FakeRepository


class BadInputTest(unittest.TestCase):
    def setUp(self):
        self.repository = FakeRepository("alpha", "beta")
        self.addCleanup(self.repository.remove)

    def refuse(self, words, *arguments):
        code, out, error = self.repository.run(*arguments)
        self.assertEqual((code, out, len(error.splitlines())), (2, "", 1), error)
        self.assertIn(words, error)
        self.assertEqual(self.repository.calls("alpha"), [])
        self.assertFalse((self.repository.root / "results").exists())

    def test_sections_and_experiments(self):
        self.refuse("unknown section '1.9'; there are: 1.2 (io_cpu), or all", "1.9")
        self.refuse("which section?")
        self.refuse("unknown experiment 'gamma'; there are: alpha, beta", "1.2", "--only", "gamma")

    def test_numbers(self):
        for flag in ("--trials", "--seed", "--timeout"):
            for value in ("-1", "nan", ""):
                self.refuse(f"argument {flag}", "1.2", f"{flag}={value}")
        self.refuse("argument --trials", "1.2", "--trials", "0")
        self.refuse("argument --timeout", "1.2", "--timeout", "0")

    def test_flags(self):
        self.refuse("unrecognized arguments: --quik", "1.2", "--quik")
        self.refuse("not allowed with argument", "1.2", "--quick", "--full")
        self.refuse("argument --machine", "1.2", "--machine", "../elsewhere")

    def test_flags_that_are_the_runners_own(self):
        for flag in ("--benchmark_out=x", "--order_seed=3", "--full", "--benchmark_list_tests"):
            self.refuse(f"{flag} can't be passed on", "1.2", "--", flag)

    def test_arguments_in_one_text(self):
        self.refuse("No closing quotation", "1.2", "--arguments", "--target 'h:80")

    def test_a_missing_executable(self):
        self.repository.add_experiment("1_3_more", "gamma")
        self.repository.program("gamma").unlink()
        self.refuse("build/release/bin/gamma is missing; run: make build", "all")


if __name__ == "__main__":
    unittest.main()
