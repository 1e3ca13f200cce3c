"""loop_from_deque, run small: each step handles everything once, mends one fault, and leaves the next to the next."""

import re
import unittest

from tests.experiments.experiment_case import ROOT
from tests.experiments.limits_case import LimitsCase, needs_limits

STEPS = ("deque", "fifo", "blocking_wait", "timers", "sockets", "coroutines")
LOADS = ("conversations", "message", "timer", "socket")
FOLDER = ROOT / "experiments/1_7_event_loop/loop_from_deque"
# What each step can sleep for: where it can't, it goes round and round, or looks by the clock.
ASLEEP = {"message": STEPS[2:], "timer": STEPS[3:], "socket": STEPS[4:]}


class LoopFromDeque(LimitsCase):
    experiment = "loop_from_deque"

    def smoke(self, *flags):
        outcome = self.run_experiment("--smoke", "--benchmark_min_time=0", *flags)
        self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
        return {tuple(re.match(r"\w+/(\w+)/load:(\w+)", row["name"]).groups()): row for row in outcome.rows()}

    def test_every_step_takes_every_load_to_its_end(self):
        rows = self.smoke()
        self.assertEqual(set(rows), {(step, load) for step in STEPS for load in LOADS})
        for (step, load), row in rows.items():
            self.assertNotIn("error_occurred", row, (step, load))
            self.assertEqual(row["units"], 20 if load == "conversations" else 3, (step, load))

    def test_the_deque_handles_the_oldest_conversation_last_and_all_others_keep_the_order(self):
        rows = self.smoke("--benchmark_filter=conversations", "--conversations", "7", "--turns", "9", "--work-us", "1")
        for (step, _), row in rows.items():
            before_the_oldest = 6 * 9 if step == "deque" else 0
            self.assertEqual(row["overtakers"], before_the_oldest, step)
            self.assertEqual(row["inversions"] > 0, step == "deque", step)

    def test_inversions_are_pairs(self):
        # Handled: 1 2, then 0 3, where two conversations of two messages were begun as 0 and 1.
        row = self.smoke("--benchmark_filter=deque/load:conversations", "--conversations", "2", "--turns", "2")
        self.assertEqual(row["deque", "conversations"]["inversions"], 2)

    def test_who_can_sleep_goes_round_for_what_it_handles_and_who_can_not_goes_round_in_vain(self):
        rows = self.smoke("--benchmark_filter=load:(message|timer|socket)", "--events", "4", "--period-us", "5000")
        for (step, load), row in rows.items():
            if step in ASLEEP[load]:
                self.assertLessEqual(row["loop_turns"], 2 * 4 + 4, (step, load))
            elif step == "timers":  # looks once in a millisecond, for 20 of them, or more seldom
                self.assertLessEqual(row["loop_turns"], 2 * 20 + 4 + row["real_time"], (step, load))
            else:
                self.assertGreater(row["loop_turns"], 100, (step, load))

    def test_one_event_and_many_at_once(self):
        for flags in (("--events", "1"), ("--events", "500", "--period-us", "1"),
                      ("--conversations", "1", "--turns", "1"), ("--work-us", "0")):
            self.smoke(*flags)

    def test_a_step_stands_on_nothing_that_it_builds_up_to(self):
        for step in STEPS:
            included = re.findall(r'#include "(\w+)/', (FOLDER / f"{step}.cpp").read_text())
            self.assertLessEqual(set(included), {"base", "wait"}, step)

    def test_on_one_core_it_runs_too(self):
        self.assertEqual(self.run_on_one_core().returncode, 0)

    @needs_limits
    def test_where_no_thread_can_be_had_its_messages_are_skipped_with_the_limit(self):
        done = self.run_with_processes(2, 61_419)
        self.assertEqual(done.returncode, 0, done.stderr)
        skipped = re.findall(r"^ +(\w+) +skipped.*RLIMIT_NPROC", done.stdout, re.MULTILINE)
        self.assertEqual(sorted(skipped), sorted(2 * STEPS), done.stdout)

    def test_help_and_bad_input(self):
        self.assertIn("--conversations", self.run_experiment("--help").out)
        for flag in ("--conversations", "--turns", "--work-us", "--events", "--period-us"):
            self.assert_refused(self.run_experiment(flag, "some"), flag)
            self.assert_refused(self.run_experiment(flag, "-1"), flag)
        self.assert_refused(self.run_experiment("--model", "tornado"), "tornado")


if __name__ == "__main__":
    unittest.main()
