"""crash, run small: who is taken along, that everybody is reaped, and that nobody outlives the parent."""

import os
import subprocess
import tempfile
import time
import unittest

from tests.experiments.experiment_case import BIN, ROOT, children_of, is_alive
from tests.experiments.limits_case import LimitsCase, needs_limits

TSAN = "tsan" in str(BIN)  # it starts no threads in a child of a process that has threads
TROUBLES = ("segfault", "killed", "runs_away", "leaks")


class Crash(LimitsCase):
    experiment = "crash"

    def test_a_process_goes_alone_and_a_thread_takes_all_along(self):
        outcome = self.run_experiment("--smoke")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(outcome.err, "")
        rows = {tuple(name.split("/")[1:]): row for name, row in zip(outcome.names(), outcome.rows())}
        self.assertEqual(len(rows), 8)
        for model, bystanders in (("processes", 1), ("threads", 0)):
            for trouble in TROUBLES:
                with self.subTest(model=model, trouble=trouble):
                    row = rows[model, f"trouble:{trouble}"]
                    if TSAN and model == "threads":
                        self.assertRegex(row["error_message"], "^skipped: ThreadSanitizer")
                        continue
                    self.assertNotIn("error_occurred", row)
                    self.assertEqual(row["units"], 1)
                    self.assertEqual(row["bystanders"], bystanders)
                    self.assertGreater(row["notice_s"], 0)
                    self.assertEqual(row["peak_processes"], 3 if model == "processes" else 2)

    def test_no_core_is_left(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([BIN / "crash", "--smoke", "--benchmark_filter=segfault"], cwd=folder,
                           capture_output=True, timeout=60, check=True)
            self.assertEqual(os.listdir(folder), [])

    @unittest.skipIf(TSAN, "no threads in a child under ThreadSanitizer")
    def test_the_limit_on_cpu_time_ends_both(self):
        outcome = self.run_experiment("--full", "--benchmark_filter=uses_up_cpu")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        for row in outcome.rows():
            self.assertNotIn("error_occurred", row)
            self.assertGreater(row["user_s"] + row["system_s"], 0.5, row["name"])

    def test_one_core_is_enough(self):
        self.assert_ends_well(self.run_on_one_core())

    def test_help_and_bad_input(self):
        self.assertIn("--patience-ms", self.run_experiment("--help").out)
        self.assert_refused(self.run_experiment("--patience-ms", "-1"), "--patience-ms")

    def test_nobody_outlives_a_parent_that_is_killed(self):
        process = subprocess.Popen(
            self.command("--patience-ms", "60000", "--benchmark_filter=processes/trouble:runs_away"),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        while len(children_of(process.pid)) < 2:
            self.assertIsNone(process.poll(), "it ended too soon")
            time.sleep(0.005)
        children = children_of(process.pid)
        process.kill()
        process.wait()
        for _ in range(1000):
            if not any(map(is_alive, children)):
                return
            time.sleep(0.005)
        self.fail("a child lives on")


@needs_limits
class Limits(LimitsCase):
    """As another user: root isn't held to the limit on processes and threads together."""

    experiment = "crash"

    def test_without_room_for_a_child_all_is_skipped(self):
        done = self.run_with_processes(2, 61_404)  # the program and its meter
        self.assert_ends_well(done)
        self.assertEqual(done.stdout.count("RLIMIT_NPROC"), 8, done.stdout)

    def test_without_room_for_a_thread_in_the_child_threads_are_skipped(self):
        done = self.run_with_processes(4, 61_404)  # and a child with one thread more, or two children
        self.assert_ends_well(done)
        self.assertEqual(len(done.stdout.split("RLIMIT_NPROC")) - 1, 4, done.stdout)


if __name__ == "__main__":
    unittest.main()
