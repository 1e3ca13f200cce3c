"""million_tasks, run small: all have slept, the memory is that of a task, and limits are named before they are hit."""

import os
import resource
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.experiments.experiment_case import BIN, ExperimentCase

MODELS = {"threads", "processes", "coroutines"}
SANITIZED = any(flavour in str(BIN) for flavour in ("asan", "tsan"))


class MillionTasks(ExperimentCase):
    experiment = "million_tasks"

    def rows_of(self, *flags):
        outcome = self.run_experiment("--smoke", *flags, "--benchmark_min_time=0")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        return {row["name"].split("/")[1]: row for row in outcome.rows()}

    def test_all_sleep_and_none_wakes_too_early(self):
        rows = self.rows_of("--sleep-ms", "50")
        self.assertEqual(set(rows), MODELS)
        for model, row in rows.items():
            self.assertEqual(row["units"], 20, model)
            self.assertGreaterEqual(row["slept_s"], 0.05, model)
            self.assertEqual(row["bound_s"], 0.05)

    @unittest.skipIf(SANITIZED, "the sanitizers' own memory is in it")
    def test_a_coroutine_is_small_and_a_process_larger_than_a_thread(self):
        rows = self.rows_of("--tasks", "100", "--sleep-ms", "300")
        many = self.rows_of("--tasks", "20000", "--sleep-ms", "300", "--model", "coroutines")
        self.assertLess(many["coroutines"]["task_bytes"], 150)  # a million: 112; here the pages weigh more
        self.assertGreater(rows["threads"]["task_bytes"], 8000)
        self.assertGreater(rows["processes"]["task_bytes"], rows["threads"]["task_bytes"])

    def test_what_the_machine_does_not_let_is_skipped_untried_with_the_limit(self):
        rows = self.rows_of("--tasks", "90000000", "--model", "threads,processes")
        for model, row in rows.items():
            self.assertRegex(row["error_message"], rf"^skipped: 90000000 {model} are too many .*: \S+ .*is \d+")

    @unittest.skipIf(os.geteuid() != 0, "needs root, to become a user with a limit")
    @unittest.skipIf(SANITIZED, "the sanitizers' own threads count against the limit")
    def test_a_low_limit_is_named_before_and_when_it_is_hit(self):
        for limit, tasks, words in ((20, 100, "too many for this machine: RLIMIT_NPROC"),
                                    (25, 23, "start a thread .*RLIMIT_NPROC")):
            with self.subTest(limit=limit), tempfile.TemporaryDirectory() as folder:
                def few(limit=limit):
                    resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))
                    os.setgid(61_413)
                    os.setuid(61_413)

                os.chmod(folder, 0o755)
                for name in (self.experiment, "sleepers"):
                    shutil.copy(BIN / name, folder)
                command = [f"{folder}/{self.experiment}", "--smoke", "--model", "threads", "--tasks", str(tasks)]
                done = subprocess.run(command, capture_output=True, text=True, preexec_fn=few, timeout=60, cwd="/")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout, f"threads +skipped: .*{words}")

    def test_one_core_is_enough(self):
        self.command = lambda *flags: ["taskset", "-c", "0", str(BIN / self.experiment), *flags]
        self.assertFalse([row for row in self.rows_of().values() if row.get("error_occurred")])

    def test_without_the_program_to_start_it_is_skipped(self):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(shutil.copy(BIN / self.experiment, folder))
            done = subprocess.run([program, "--smoke"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, "threads +skipped.*sleepers is not there")

    def test_help_and_bad_input(self):
        self.assertIn("--sleep-ms", self.run_experiment("--help").out)
        for tasks in ("many", "0", "10,,20", "-5"):
            self.assert_refused(self.run_experiment("--tasks", tasks), "--tasks")


if __name__ == "__main__":
    unittest.main()
