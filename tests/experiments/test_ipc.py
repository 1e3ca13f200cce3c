"""ipc, run small: every message comes whole and in order on each way, and nobody is left."""

import subprocess
import time
import unittest

from tests.experiments.experiment_case import ROOT, children_of, is_alive
from tests.experiments.limits_case import LimitsCase, needs_limits

MODELS = ("pipe", "unix_socket", "tcp", "shared_memory", "threads")
PROCESSES = MODELS[:-1]
WAYS = ("one_way", "there_and_back")


class Ipc(LimitsCase):
    experiment = "ipc"

    def test_every_message_arrives_on_every_way(self):
        outcome = self.run_experiment("--smoke")
        self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
        names = {f"ipc/{model}/way:{way}/message_bytes:100000" for model in MODELS for way in WAYS}
        self.assertEqual(set(outcome.names()), names)
        for row in outcome.rows():
            model = row["name"].split("/")[1]
            with self.subTest(row["name"]):
                self.assertNotIn("error_occurred", row)
                self.assertEqual(row["units"], 10)
                self.assertGreater(row["message_s"], 0)
                self.assertAlmostEqual(row["messages_per_s"] * row["message_s"], 1, 6)
                self.assertEqual(row["peak_processes"], 2 if model in PROCESSES else 1)
                self.assertEqual("p50_ms" in row, "there_and_back" in row["name"])

    def test_odd_sizes_and_such_as_no_buffer_holds_at_once(self):
        sizes = "16,17,100,65535,65536,65537,3000000"
        outcome = self.run_experiment("--smoke", "--message-bytes", sizes, "--benchmark_min_time=0")
        self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
        self.assertEqual(len(outcome.rows()), 7 * len(MODELS) * len(WAYS))
        for row in outcome.rows():
            self.assertNotIn("error_occurred", row)

    def test_help_and_bad_input(self):
        self.assertIn("--message-bytes", self.run_experiment("--help").out)
        for sizes in ("big", "15", "0", "100,,200", "100,-1", "99999999999", "100,100", "1e3"):
            with self.subTest(sizes=sizes):
                self.assert_refused(self.run_experiment("--message-bytes", sizes), "--message-bytes")

    def test_one_core_is_enough(self):
        self.assert_ends_well(self.run_on_one_core())

    @needs_limits
    def test_where_nobody_more_can_be_made_all_is_skipped_with_the_limit(self):
        done = self.run_with_processes(1, 61_407)
        self.assert_ends_well(done)
        self.assertEqual(done.stdout.count("RLIMIT_NPROC"), len(WAYS) * len(MODELS), done.stdout)

    def test_a_partner_that_is_killed_is_one_line_and_leaves_nobody(self):
        for model in PROCESSES[:3]:
            with self.subTest(model=model):
                process, child = self.start_long(model)
                subprocess.run(["kill", "-9", str(child)], check=True)
                _, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 1)
                self.assertEqual(err.count("\n"), 1, err)

    def test_nobody_outlives_a_parent_that_is_killed(self):
        for model in PROCESSES:
            with self.subTest(model=model):
                process, child = self.start_long(model)
                process.kill()
                process.communicate()
                for _ in range(1000):
                    if not is_alive(child):
                        break
                    time.sleep(0.005)
                self.assertFalse(is_alive(child))

    def start_long(self, model):
        """One that sends for long, and the process id of its partner."""
        process = subprocess.Popen(
            self.command("--full", "--message-bytes", "1048576", "--model", model, "--benchmark_min_time=30",
                         "--benchmark_filter=one_way"),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        self.addCleanup(process.wait)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        while not (children := children_of(process.pid)):
            self.assertIsNone(process.poll(), "it ended too soon")
            time.sleep(0.005)
        return process, children[0]


if __name__ == "__main__":
    unittest.main()
