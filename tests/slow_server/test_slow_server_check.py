"""slow_server_check: its report, its flags, and what it does with few descriptors."""

import resource
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from slow_server_case import PATIENCE_S, PROGRAM, SlowServerCase

CHECK = PROGRAM.with_name("slow_server_check")
SMALL = ["--requests", "5", "--connections", "200", "--delay-ms", "50", "--clients", "50"]


def run(*flags, **options):
    return subprocess.run(
        [CHECK, *flags], capture_output=True, text=True, timeout=PATIENCE_S, **options
    )


class SlowServerCheckTest(SlowServerCase):
    def assert_measured(self, result):
        # Every answer was checked. That they were late, on a busy machine, is no error of ours.
        if result.returncode != 0:
            self.assertRegex(result.stderr, r"\Aslow_server_check: p99 is 1 ms or more[^\n]*\n\Z")
            self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"(?m)^idle: .* p50 +\d+\.\d+ +p99 .* max .* ms late$")
        self.assertRegex(result.stdout, r"(?m)^rush: .* \d+\.\d ms until all are done")
        self.assertRegex(result.stdout, r"(?m)^crowd: .* p50 +\d+\.\d+ +p99 .* max .* ms late$")

    def test_it_measures_a_server_of_its_own(self):
        result = run(*SMALL)
        self.assert_measured(result)
        self.assertIn("crowd: 200 waiting at once", result.stdout)

    def test_it_measures_a_server_that_runs(self):
        self.assert_measured(run(*SMALL, "--port", str(self.server.port)))

    def test_with_few_descriptors_it_says_so_and_does_less(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (100, 150))

        result = run(*SMALL, preexec_fn=few)
        self.assert_measured(result)
        self.assertIn("instead of 200: the limit of open files (ulimit -Hn) is 150", result.stdout)

    def test_a_server_that_does_not_answer_is_an_error(self):
        result = run(*SMALL, "--port", "1")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertRegex(result.stderr, r"\Aslow_server_check: [^\n]*refused; [^\n]*--port\?\n\Z")

    def test_bad_flags(self):
        for flags in (["--bogus"], ["--connections", "0"], ["--delay-ms", "x"], ["--port", "-1"]):
            result = run(*flags)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertRegex(result.stderr, r"\Aslow_server_check: [^\n]+\n\Z")


if __name__ == "__main__":
    unittest.main()
