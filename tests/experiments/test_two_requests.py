"""two_requests, run small: both answers, the bounds, and servers that misbehave."""

import unittest

from tests.experiments import fault_servers
from tests.experiments.experiment_case import ExperimentCase

MODELS = {"blocking", "threads", "poll", "epoll"}


class TwoRequests(ExperimentCase):
    experiment = "two_requests"

    def test_each_way_gets_both_answers_and_none_before_its_bound(self):
        outcome = self.run_experiment("--wait-ms", "30", "--benchmark_min_time=0")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(outcome.models(), MODELS)
        for row in outcome.rows():
            model = row["name"].split("/")[1]
            self.assertEqual(row["units"], 2, model)
            self.assertAlmostEqual(row["bound_s"], 0.06 if model == "blocking" else 0.03, msg=model)
            self.assertGreaterEqual(row["real_time"], 1000 * row["bound_s"], model)

    def test_the_sweep_goes_over_the_delay(self):
        names = self.run_experiment("--smoke").names()
        self.assertEqual(set(names), {f"two_requests/{model}/delay_ms:5" for model in MODELS})

    def test_a_server_that_misbehaves_is_an_error_of_each_way(self):
        for behave in (fault_servers.answer_500, fault_servers.reset, fault_servers.close_early,
                       fault_servers.garbage, fault_servers.never):
            with self.subTest(behave=behave.__name__), fault_servers.serving(behave) as target:
                outcome = self.run_experiment("--smoke", "--target", target, "--deadline-ms", "150")
                self.assertEqual(outcome.exit_code, 1)
                self.assert_one_line(outcome, "4 series failed")

    def test_other_ways_to_end_an_answer_are_right(self):
        for behave in (fault_servers.chunked, fault_servers.until_close):
            with self.subTest(behave=behave.__name__), fault_servers.serving(behave) as target:
                outcome = self.run_experiment("--smoke", "--target", target)
                self.assertEqual(outcome.exit_code, 0, outcome.err)

    def test_bad_input(self):
        for value in ("soon", "-1", "1.5"):
            with self.subTest(value=value):
                self.assert_refused(self.run_experiment("--wait-ms", value), "--wait-ms")
        self.assert_refused(self.run_experiment("--target", "127.0.0.1:1"), "127.0.0.1:1")
        self.assert_refused(self.run_experiment("--target", "nonsense"), "nonsense")


if __name__ == "__main__":
    unittest.main()
