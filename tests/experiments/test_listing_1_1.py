"""listing_1_1, run small: its answers and its counters."""

import unittest

from tests.experiments import fault_servers
from tests.experiments.experiment_case import ExperimentCase, files_left_behind_by


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

    def test_every_phase_does_one_unit_and_all_costs_are_recorded(self):
        for row in self.run_experiment("--smoke", "--benchmark_min_time=0").rows():
            self.assertEqual(row["units"], 1, row["name"])
            for cost in ("user_s", "system_s", "voluntary_switches", "peak_memory_bytes", "peak_threads"):
                self.assertGreaterEqual(row[cost], 0, f"{row['name']} {cost}")

    def test_waiting_is_waiting(self):
        # A lower bound and a count of CPU seconds: the server takes 200 ms, and that can't be computing.
        outcome = self.run_experiment("--smoke", "--wait-ms", "200", "--benchmark_filter=request")
        (row,) = outcome.rows()
        self.assertGreaterEqual(row["real_time"], 200)
        self.assertLess(row["computing_s"], 0.1)
        self.assertGreater(row["waiting_s"], 0.1)

    def test_answers_that_end_otherwise_are_right_too(self):
        for behave in (fault_servers.chunked, fault_servers.no_headers):
            with self.subTest(behave=behave.__name__), fault_servers.serving(behave) as target:
                outcome = self.run_experiment("--smoke", "--benchmark_min_time=0", "--target", target)
                self.assertEqual(outcome.exit_code, 0, outcome.err)

    def test_the_file_goes_with_the_run(self):
        self.assertEqual(files_left_behind_by(*self.command("--smoke")), [])

    def test_a_target_that_breaks_is_one_line(self):
        with fault_servers.serving(fault_servers.answer_500) as target:
            outcome = self.run_experiment("--smoke", "--target", target)
        self.assertEqual(outcome.exit_code, 1)
        self.assert_one_line(outcome, "4 series failed", target, "status 500")
        self.assertEqual(len(outcome.rows()), 4)


if __name__ == "__main__":
    unittest.main()
