"""task_switch, run small: every task of every kind has its turns, and limits are named."""

import unittest

from tests.experiments.limits_case import LimitsCase, needs_limits

LOOPS = {"event_loop", "coroutines"}
MODELS = LOOPS | {"threads", "processes"}


class TaskSwitch(LimitsCase):
    experiment = "task_switch"

    def smoke(self, *flags):
        outcome = self.run_experiment("--smoke", "--benchmark_min_time=0", *flags)
        self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
        return {tuple(row["name"].split("/")[1:4]): row for row in outcome.rows()}

    def test_every_task_has_its_turns(self):
        rows = self.smoke("--switches", "100")
        self.assertEqual(set(rows), {(model, f"what:{what}", f"tasks:{tasks}") for model in MODELS
                                     for what in ("switch", "create") for tasks in (2, 10)})
        for (model, what, tasks), row in rows.items():
            self.assertNotIn("error_occurred", row, (model, what))
            switches = 1000 if model in LOOPS else 100
            self.assertEqual(row["units"], switches if what == "what:switch" else int(tasks.split(":")[1]))
            self.assertGreater(row["each_s"], 0)

    def test_the_kernel_switches_for_threads_and_processes_alone(self):
        rows = self.smoke("--benchmark_filter=switch/tasks:2/", "--switches", "2000")
        for (model, *_), row in rows.items():
            switches = row["voluntary_switches"] + row["involuntary_switches"]
            if model not in LOOPS:
                self.assertGreaterEqual(switches, 1900, model)
            else:
                self.assertLess(row["voluntary_switches"], 200, model)

    def test_one_task_passes_the_turn_to_itself(self):
        for row in self.smoke("--tasks", "1", "--switches", "10").values():
            self.assertNotIn("error_occurred", row)

    def test_more_threads_and_processes_than_are_made_here_are_skipped(self):
        for (model, *_), row in self.smoke("--tasks", "10001", "--switches", "1").items():
            self.assertEqual(row.get("error_message", ""),
                             "" if model in LOOPS else "skipped: 10000 at most are made here")

    def test_on_one_core_it_runs_too(self):
        self.assertEqual(self.run_on_one_core().returncode, 0)

    @needs_limits
    def test_a_task_too_many_is_skipped_with_the_limit(self):
        done = self.run_with_processes(6, 61_418)
        self.assertEqual(done.returncode, 0, done.stderr)
        for model in MODELS - LOOPS:
            self.assertRegex(done.stdout, rf"{model} +skipped.*RLIMIT_NPROC")

    def test_help_and_bad_input(self):
        self.assertIn("--switches", self.run_experiment("--help").out)
        for flag in ("--tasks", "--switches"):
            self.assert_refused(self.run_experiment(flag, "some"), flag)
            self.assert_refused(self.run_experiment(flag, "-1"), flag)


if __name__ == "__main__":
    unittest.main()
