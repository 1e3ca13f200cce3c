"""granularity, run small: who is guarded loses nothing, who isn't does, on one core and on two."""

import os
import resource
import shutil
import subprocess
import tempfile
import unittest

from tests.experiments.experiment_case import BIN, ExperimentCase

RIGHT = {"threads_mutex", "threads_atomic", "coroutines"}
SANITIZED = any(flavour in str(BIN) for flavour in ("asan", "tsan"))


def key(row):
    """(model, job, cores) of a row."""
    parts = row["name"].split("/")
    values = dict(part.split(":") for part in parts[2:] if ":" in part)
    return parts[1], values["job"], values["cores"]


class Granularity(ExperimentCase):
    experiment = "granularity"

    def rows_of(self, *flags):
        outcome = self.run_experiment(*flags, "--benchmark_min_time=0")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        return {key(row): row for row in outcome.rows()}

    def test_what_is_guarded_is_right(self):
        rows = self.rows_of("--updates", "20000", "--model", ",".join(RIGHT))
        self.assertEqual({model for model, *_ in rows}, RIGHT)
        for name, row in rows.items():
            if not row.get("error_occurred"):
                self.assertEqual((row["lost"], row["broken"], row["units"]), (0, 0, 20_000), name)

    def test_what_is_not_guarded_is_a_case_of_its_own(self):
        rows = self.rows_of("--updates", "20000")
        for (model, *_), row in rows.items():
            self.assertEqual("promise:right" in row["name"], model in RIGHT)

    @unittest.skipIf(SANITIZED, "takes long")
    def test_without_a_guard_updates_are_lost_on_one_core_and_on_two(self):
        # Long enough that the kernel must have switched many times, whatever its time slice is.
        rows = self.rows_of("--updates", "6000000", "--model", "threads_bare")
        for (_, job, cores), row in rows.items():
            if not row.get("error_occurred"):
                self.assertGreater(row["lost"], 0, (job, cores))
                self.assertEqual(row["broken"] > 0, job == "move", (job, cores))

    @unittest.skipIf(SANITIZED, "takes long")
    def test_two_atomics_keep_the_counts_and_break_the_sum(self):
        for row in self.rows_of("--updates", "6000000", "--model", "threads_two_atomics").values():
            if not row.get("error_occurred"):
                self.assertEqual(row["lost"], 0)
                self.assertGreater(row["broken"], 0)

    def test_one_core_is_enough_for_one(self):
        self.command = lambda *flags: ["taskset", "-c", "0", str(BIN / self.experiment), *flags]
        rows = self.rows_of("--updates", "20000")
        for (_, _, cores), row in rows.items():
            self.assertEqual(bool(row.get("error_occurred")), cores == "2")
            if cores == "2":
                self.assertRegex(row["error_message"], "^skipped: 2 cores are needed")

    def test_help_and_bad_input(self):
        self.assertIn("--updates", self.run_experiment("--help").out)
        self.assert_refused(self.run_experiment("--updates", "many"), "--updates")

    @unittest.skipIf(os.geteuid() != 0, "needs root, to become a user with a limit")
    @unittest.skipIf(SANITIZED, "the sanitizers' own threads count against the limit")
    def test_too_few_threads_are_skipped_with_the_limit(self):
        def few():  # the program, its meter, and one of the two
            resource.setrlimit(resource.RLIMIT_NPROC, (3, 3))
            os.setgid(61_412)
            os.setuid(61_412)

        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            shutil.copy(BIN / self.experiment, folder)
            done = subprocess.run([f"{folder}/{self.experiment}", "--smoke"], capture_output=True,
                                  text=True, preexec_fn=few, timeout=60, cwd="/")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"threads_mutex +skipped.*RLIMIT_NPROC")
        self.assertNotRegex(done.stdout, r"coroutines +skipped: start")


if __name__ == "__main__":
    unittest.main()
