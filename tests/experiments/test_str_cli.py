"""str_cli, run small: every byte back, the round trips that can't be avoided, nobody left."""

import os
import signal
import subprocess
import time
import unittest

from tests.experiments.experiment_case import ROOT, ExperimentCase, children_of, is_alive

MODELS = {"stop_and_wait", "select", "nonblocking", "processes", "threads"}


class StrCli(ExperimentCase):
    experiment = "str_cli"

    def test_each_design_gets_every_line_back_and_none_before_its_bound(self):
        outcome = self.run_experiment("--lines", "30", "--scale", "50", "--benchmark_min_time=0")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(set(outcome.names()),
                         {f"str_cli/{model}/lines:30/round_trip_us:3500" for model in MODELS})
        for row in outcome.rows():
            model = row["name"].split("/")[1]
            self.assertEqual(row["units"], 30, model)
            trips = 30 if model == "stop_and_wait" else 1
            self.assertAlmostEqual(row["bound_s"], trips * 0.0035, msg=model)
            self.assertGreaterEqual(row["real_time"], 1000 * row["bound_s"], model)

    def test_more_lines_than_any_buffer_holds(self):
        outcome = self.run_experiment("--lines", "40000", "--scale", "500", "--benchmark_min_time=0",
                                      "--model", "stop_and_wait,nonblocking,processes,threads",
                                      "--benchmark_filter=nonblocking|processes|threads")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual([row["units"] for row in outcome.rows()], [40000] * 3)

    def test_the_round_trip_is_the_books_divided_by_the_scale(self):
        outcome = self.run_experiment("--lines", "1", "--scale", "1", "--benchmark_min_time=0",
                                      "--model", "stop_and_wait,threads")
        for row in outcome.rows():
            self.assertIn("round_trip_us:175000", row["name"])
            self.assertGreaterEqual(row["real_time"], 175, row["name"])

    def test_bad_input(self):
        self.assert_refused(self.run_experiment("--lines", "-3"), "--lines")
        self.assert_refused(self.run_experiment("--scale", "fast"), "--scale")
        self.assert_refused(self.run_experiment("--scale", "1000000"), "--scale", "175000")

    def test_a_deadline_that_is_too_short_is_an_error_not_a_hang(self):
        outcome = self.run_experiment("--lines", "50", "--scale", "1", "--deadline-ms", "100",
                                      "--model", "stop_and_wait,select,nonblocking,threads")
        self.assertEqual(outcome.exit_code, 1)
        self.assert_one_line(outcome, "4 series failed", "timed out")

    def test_a_killed_program_leaves_no_server(self):
        process = subprocess.Popen(self.command("--lines", "1000", "--scale", "1"), cwd=ROOT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        children = []
        for _ in range(500):
            children = children_of(process.pid)
            if children:
                break
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        self.assertTrue(children)
        for _ in range(500):
            if not any(is_alive(child) for child in children):
                return
            time.sleep(0.01)
        self.fail("the far server lives on")


if __name__ == "__main__":
    unittest.main()
