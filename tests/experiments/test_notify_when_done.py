"""notify_when_done, run small: every way is told, after the end, of the right result."""

import os
import signal
import subprocess
import time
import unittest

from tests.experiments.experiment_case import ROOT, ExperimentCase, children_of, is_alive

WAYS = {"future": "thread", "condition_variable": "thread", "callback": "thread",
        "eventfd": "thread", "coroutine": "thread", "sigchld": "child", "waitpid": "child"}


def way(row):
    """The way of being told that a row stands for."""
    return row["name"].split("/")[1]


class NotifyWhenDone(ExperimentCase):
    experiment = "notify_when_done"

    @classmethod
    def setUpClass(cls):
        cls.outcome = cls().run_experiment("--smoke", "--rounds", "5", "--benchmark_min_time=0")

    def test_every_way_tells_every_time(self):
        # The program itself refuses a wrong sum, work left undone, and news before the end.
        self.assertEqual(self.outcome.exit_code, 0, self.outcome.err)
        expected = {f"notify_when_done/{name}/task:computation" for name in WAYS}
        self.assertEqual(set(self.outcome.names()), expected)
        for row in self.outcome.rows():
            self.assertNotIn("error_occurred", row)
            self.assertEqual(row["units"], 5, row["name"])
            self.assertGreaterEqual(row["p50_ms"], 0)
            self.assertGreaterEqual(row["max_ms"], row["p50_ms"])
            self.assertAlmostEqual(row["notice_s"] * 1000, row["p50_ms"])

    def test_the_starter_goes_on_meanwhile(self):
        # A task this long leaves time for at least one of a starter's pieces, on any machine.
        outcome = self.run_experiment("--rounds", "1", "--task-ms", "100", "--benchmark_min_time=0")
        for row in outcome.rows():
            self.assertGreater(row["pieces_meanwhile"], 0, row["name"])
            self.assertLessEqual(row["pieces_meanwhile"], 1, row["name"])

    def test_threads_or_children(self):
        for row in self.outcome.rows():
            processes = 1 if WAYS[way(row)] == "thread" else 2
            self.assertEqual(row["peak_processes"], processes, row["name"])

    def test_one_core_is_enough(self):
        command = ["taskset", "-c", "0", *self.command("--smoke")]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_child_that_is_killed_is_told_too(self):
        for name in ("sigchld", "waitpid"):
            with self.subTest(way=name):
                process = subprocess.Popen(
                    self.command("--rounds", "1", "--task-ms", "20000", "--model", name), cwd=ROOT,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                self.addCleanup(process.kill)
                while not (children := children_of(process.pid)):
                    self.assertIsNone(process.poll(), "it ended too soon")
                    time.sleep(0.005)
                os.kill(children[0], signal.SIGKILL)
                _, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 1)
                self.assertIn("killed by SIGKILL", err)
                self.assertFalse(is_alive(children[0]))

    def test_bad_input(self):
        self.assert_refused(self.run_experiment("--rounds", "-1"), "--rounds")
        self.assert_refused(self.run_experiment("--model", "pigeon"), "pigeon", "waitpid")

    def test_help(self):
        outcome = self.run_experiment("--help")
        self.assertEqual(outcome.exit_code, 0)
        for flag in ("--rounds", "--task-ms", "--benchmark_filter"):
            self.assertIn(flag, outcome.out)


if __name__ == "__main__":
    unittest.main()
