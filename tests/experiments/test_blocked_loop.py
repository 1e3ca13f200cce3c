"""blocked_loop, run small: every tick comes, none while the loop computes, and the stall is in the figures."""

import unittest

from tests.experiments.limits_case import LimitsCase, needs_limits

MODELS = {"event_loop", "event_loop_pool"}


class BlockedLoop(LimitsCase):
    experiment = "blocked_loop"

    def smoke(self, *flags):
        outcome = self.run_experiment("--smoke", "--benchmark_min_time=0", *flags)
        self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
        return {row["name"].split("/")[1]: row for row in outcome.rows()}

    def test_every_tick_comes_and_none_while_the_loop_computes(self):
        rows = self.smoke()
        self.assertEqual(set(rows), MODELS)
        for row in rows.values():
            self.assertNotIn("error_occurred", row)
            self.assertEqual(row["units"], 20)
        self.assertEqual(rows["event_loop"]["ticks_meanwhile"], 0)

    def test_the_stall_is_counted_from_when_a_tick_was_due(self):
        # 10 of 40 are due in those 10 ms: the first is late by more than 9, the tenth by hardly anything.
        row = self.smoke("--ticks", "40", "--interval-us", "1000", "--block-ms", "10")["event_loop"]
        self.assertGreaterEqual(row["max_ms"], 9)
        self.assertGreaterEqual(row["p90_ms"], 5)  # the fifth-latest at least
        for key in ("p50", "p99", "max"):
            self.assertAlmostEqual(row[f"{key}_s"], row[f"{key}_ms"] / 1e3, 9)

    def test_a_client_that_waits_does_not_see_it(self):
        row = self.smoke("--ticks", "40", "--interval-us", "1000", "--block-ms", "10")["event_loop"]
        self.assertLessEqual(row["p99_waiting_client_s"], row["p99_s"])
        self.assertLess(row["service_p90_ms"], row["p90_ms"])

    def test_on_one_core_it_runs_too(self):
        self.assertEqual(self.run_on_one_core().returncode, 0)

    @needs_limits
    def test_a_thread_too_many_is_skipped_with_the_limit(self):
        done = self.run_with_processes(2, 61_417)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"event_loop_pool +skipped.*RLIMIT_NPROC")

    def test_odd_sizes(self):
        for flags in (("--ticks", "1"), ("--ticks", "3", "--block-ms", "1"), ("--interval-us", "1")):
            self.smoke(*flags)

    def test_help_and_bad_input(self):
        self.assertIn("--block-ms", self.run_experiment("--help").out)
        for flag in ("--ticks", "--interval-us", "--block-ms"):
            self.assert_refused(self.run_experiment(flag, "some"), flag)
            self.assert_refused(self.run_experiment(flag, "-1"), flag)


if __name__ == "__main__":
    unittest.main()
