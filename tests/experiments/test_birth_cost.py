"""birth_cost, run small: who answers, that nobody is left, and what is skipped where limits bite."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.experiments.experiment_case import BIN
from tests.experiments.limits_case import LimitsCase, needs_limits

MODELS = {"threads", "thread_pool", "fork", "fork_exec", "vfork_exec", "posix_spawn", "process_pool"}
PROCESSES = MODELS - {"threads", "thread_pool"}
BORN_ANEW = MODELS - {"thread_pool", "process_pool"}


class BirthCost(LimitsCase):
    experiment = "birth_cost"

    def test_every_newborn_answers(self):
        outcome = self.run_experiment("--smoke")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(set(outcome.names()), {f"birth_cost/{model}/parent_mib:4" for model in MODELS})
        for row in outcome.rows():
            self.assertNotIn("error_occurred", row)
            self.assertEqual(row["units"], 1, row["name"])
            model = row["name"].split("/")[1]
            self.assertEqual(row["peak_processes"], 2 if model in PROCESSES else 1, model)

    def test_the_parent_holds_its_memory_and_only_a_copy_of_it_does_too(self):
        outcome = self.run_experiment("--parent-mib", "64", "--model", "fork,posix_spawn")
        peak = {row["name"].split("/")[1]: row["peak_memory_bytes"] for row in outcome.rows()}
        self.assertGreater(peak["posix_spawn"], 64 << 20)
        self.assertGreater(peak["fork"], peak["posix_spawn"] + (60 << 20))

    def test_one_core_is_enough(self):
        self.assert_ends_well(self.run_on_one_core())

    def test_help_and_bad_input(self):
        self.assertIn("--parent-mib", self.run_experiment("--help").out)
        for sizes in ("many", "0", "4,,8", "4,-1"):
            with self.subTest(sizes=sizes):
                self.assert_refused(self.run_experiment("--parent-mib", sizes), "--parent-mib")

    def test_a_parent_that_the_machine_can_not_hold_is_skipped(self):
        outcome = self.run_experiment("--parent-mib", "4,1000000", "--model", "threads")
        small, large = outcome.rows()
        self.assertNotIn("error_occurred", small)
        self.assertRegex(large["error_message"], r"^skipped: a parent of 1000000 MiB wants")
        self.assertEqual(outcome.exit_code, 0)


class Limits(LimitsCase):
    """Elsewhere, as another user: root isn't held to the limit on processes."""

    experiment = "birth_cost"
    programs_beside = ("newborn",)

    @needs_limits
    def test_too_few_processes_are_skipped_with_the_limit(self):
        # The program and its meter, and no newborn more; a pool is made while there is no meter yet.
        done = self.run_with_processes(2, 61_403, "--model", ",".join(sorted(BORN_ANEW)))
        self.assert_ends_well(done)
        for model in BORN_ANEW:
            self.assertRegex(done.stdout, rf"{model} +skipped.*RLIMIT_NPROC")

    def test_without_the_program_to_start_it_is_skipped(self):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(shutil.copy(BIN / "birth_cost", folder))
            done = subprocess.run([program, "--smoke"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"posix_spawn +skipped.*newborn is not there")


if __name__ == "__main__":
    unittest.main()
