"""where_time_goes and listing_1_1, run small: their answers and their counters."""

import unittest
from pathlib import Path

from tests.experiments import fault_servers
from tests.experiments.experiment_case import BIN, ExperimentCase


class WhereTimeGoes(ExperimentCase):
    experiment = "where_time_goes"

    def test_each_operation_is_done_and_split(self):
        outcome = self.run_experiment("--smoke")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        tasks = {name.split("task:")[1] for name in outcome.names()}
        self.assertEqual(tasks, {"pi", "dictionary", "web_request", "file_read"})
        for row in outcome.rows():
            self.assertEqual(row["units"], 1, row["name"])
            self.assertGreater(row["cpu_s"], 0)

    def test_waiting_on_the_server_costs_hardly_any_cpu_time(self):
        # A count of CPU seconds, not a wall-clock limit: 200 ms of waiting can't be computing.
        outcome = self.run_experiment("--smoke", "--wait-ms", "200", "--benchmark_filter=web_request")
        row = outcome.rows()[0]
        self.assertGreaterEqual(row["real_time"], 200)
        self.assertLess(row["cpu_s"], 0.1)

    def test_nothing_is_left_behind(self):
        before = set(Path(BIN).iterdir())
        self.run_experiment("--smoke")
        self.assertEqual(set(Path(BIN).iterdir()) - before, set())

    def test_a_target_that_breaks_is_an_error_of_the_request_alone(self):
        with fault_servers.serving(fault_servers.answer_500) as target:
            outcome = self.run_experiment("--smoke", "--target", target)
        self.assertEqual(outcome.exit_code, 1)
        failed = [row["name"] for row in outcome.rows() if row.get("error_occurred")]
        self.assertEqual(len(failed), 1)
        self.assertIn("web_request", failed[0])


class ListingOneOne(ExperimentCase):
    experiment = "listing_1_1"

    def test_each_phase_is_done_and_split(self):
        outcome = self.run_experiment("--smoke")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        phases = [name.split("phase:")[1] for name in outcome.names()]
        self.assertEqual(phases, ["request", "format_headers", "write_file", "write_file_synced"])
        for row in outcome.rows():
            self.assertGreater(row["computing_s"], 0, row["name"])
            self.assertGreaterEqual(row["waiting_s"], 0, row["name"])

    def test_the_file_goes_with_the_run(self):
        before = set(Path(BIN).iterdir())
        self.run_experiment("--smoke")
        self.assertEqual(set(Path(BIN).iterdir()) - before, set())

    def test_a_target_that_breaks_is_one_line(self):
        with fault_servers.serving(fault_servers.answer_500) as target:
            outcome = self.run_experiment("--smoke", "--target", target)
        self.assertEqual(outcome.exit_code, 1)
        self.assert_one_line(outcome, target, "status 500")


if __name__ == "__main__":
    unittest.main()
