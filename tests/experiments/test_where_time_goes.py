"""where_time_goes, run small: its answers and its counters."""

import unittest

from tests.experiments import fault_servers
from tests.experiments.experiment_case import ExperimentCase, files_left_behind_by


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
        self.assertEqual(files_left_behind_by(*self.command("--smoke")), [])

    def test_a_target_that_breaks_is_an_error_of_the_request_alone(self):
        with fault_servers.serving(fault_servers.answer_500) as target:
            outcome = self.run_experiment("--smoke", "--target", target)
        self.assertEqual(outcome.exit_code, 1)
        failed = [row["name"] for row in outcome.rows() if row.get("error_occurred")]
        self.assertEqual(len(failed), 1)
        self.assertIn("web_request", failed[0])


if __name__ == "__main__":
    unittest.main()
