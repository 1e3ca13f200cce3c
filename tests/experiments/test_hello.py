"""hello, run small: who greets, and that it is who it says."""

import os
import re
import unittest

from tests.experiments.limits_case import LimitsCase, needs_limits

GREETING = re.compile(r"Hello from process (\d+) of parent (\d+), thread (\d+) '([\w-]+)', (\d+) thread")


class Hello(LimitsCase):
    experiment = "hello"

    def test_each_listing_greets(self):
        outcome = self.run_experiment("--smoke")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(outcome.names(), ["hello/blocking/listing:1.2", "hello/threads/listing:1.3",
                                           "hello/processes/listing:1.4"])
        for row in outcome.rows():
            self.assertNotIn("error_occurred", row)
            self.assertEqual(row["units"], 1)
        self.assertNotIn("Hello", outcome.out)

    def test_aloud_each_says_who_it_is(self):
        outcome = self.run_experiment("--smoke", "--aloud", "1")
        self.assertEqual([found[3] for found in GREETING.findall(outcome.out)],
                         ["hello", "hello-thread", "hello-child"])
        (own, parent, first, *_), (process, _, thread, *_), (child, childs_parent, childs_thread, *_) = (
            GREETING.findall(outcome.out))
        self.assertEqual(parent, str(os.getpid()))
        self.assertEqual(first, own)
        self.assertEqual(process, own)
        self.assertNotEqual(thread, own)
        self.assertNotEqual(child, own)
        self.assertEqual(childs_parent, own)
        self.assertEqual(childs_thread, child)

    def test_one_core_is_enough(self):
        self.assert_ends_well(self.run_on_one_core())

    def test_help_and_bad_input(self):
        self.assertIn("--aloud", self.run_experiment("--help").out)
        self.assert_refused(self.run_experiment("--aloud", "-1"), "--aloud")

    @needs_limits
    def test_where_nobody_more_can_be_made_the_program_itself_still_greets(self):
        done = self.run_with_processes(2, 61_406, "--aloud", "1")  # the program and its meter
        self.assert_ends_well(done)
        self.assertEqual(done.stdout.count("Hello from"), 1)
        self.assertEqual(done.stdout.count("RLIMIT_NPROC"), 2, done.stdout)


if __name__ == "__main__":
    unittest.main()
