"""preemptive_cooperative, run small: every turn is taken, what needs a second core is skipped on one, limits are named."""

import json
import os
import resource
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.experiments.experiment_case import BIN, ExperimentCase

ONE_CORE = {"threads_futex", "threads_pipe", "processes_futex", "processes_pipe", "coroutines"}
SANITIZED = any(flavour in str(BIN) for flavour in ("asan", "tsan"))


def reasons(outcome):
    return {row["name"]: row["error_message"] for row in outcome.rows() if row.get("error_occurred")}


class PreemptiveCooperative(ExperimentCase):
    experiment = "preemptive_cooperative"

    def smoke(self, *flags):
        return self.run_experiment("--smoke", *flags, "--benchmark_min_time=0")

    def switches(self, outcome, cores):
        return {row["name"].split("/")[1]: row for row in outcome.rows() if f"cores:{cores}" in row["name"]}

    def test_both_have_their_turns_whatever_the_way(self):
        outcome = self.smoke("--benchmark_filter=cores")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        one = self.switches(outcome, "one")
        self.assertEqual(set(one), ONE_CORE)
        for row in one.values():
            self.assertEqual(row["units"], 200)
            self.assertGreater(row["switch_s"], 0)
        self.assertEqual(set(self.switches(outcome, "two")), ONE_CORE - {"coroutines"})

    def test_on_one_core_the_kernel_switches_at_each_hand_over_and_never_for_coroutines(self):
        outcome = self.smoke("--benchmark_filter=cores:one", "--hand-overs", "2000")
        for model, row in self.switches(outcome, "one").items():
            # Whoever is woken may go on at once (the other loses the core) or when the other waits.
            switches = row["voluntary_switches"] + row["involuntary_switches"]
            if model == "coroutines":
                self.assertLess(row["voluntary_switches"], 200)
            else:
                self.assertGreaterEqual(switches, 1900, model)

    def test_one_core_is_enough_for_the_rest(self):
        self.command = lambda *flags: ["taskset", "-c", "0", str(BIN / self.experiment), *flags]
        outcome = self.smoke()
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        needs_two = {name: why for name, why in reasons(outcome).items() if "cores:two" in name}
        self.assertEqual(len(needs_two), 4)
        for why in needs_two.values():
            self.assertRegex(why, "^skipped: two cores are needed")

    def test_a_stretch_on_the_core_has_a_length(self):
        outcome = self.smoke("--benchmark_filter=spinners", "--spin-ms", "100")
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        for row in outcome.rows():
            if not row.get("error_occurred"):
                self.assertGreater(row["slice_s"], 0)
                self.assertLessEqual(row["slice_s"], row["slice_p90_s"])
                self.assertGreaterEqual(row["slices"], 1)
                self.assertEqual(row["units"], 2)

    def test_threads_lose_the_core_and_coroutines_give_it(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trace.json"
            self.smoke("--benchmark_filter=spinners", "--spin-ms", "100", "--timeline", str(path))
            events = json.loads(path.read_text())["traceEvents"]
        lanes = {event["args"]["name"] for event in events if event["name"] == "thread_name"}
        self.assertEqual(lanes, {"thread 1", "thread 2", "coroutine 1", "coroutine 2"})
        self.assertEqual(len({event["args"]["core"] for event in events if event.get("cat") == "running"}), 1)

    def test_help_and_bad_input(self):
        self.assertIn("--spin-ms", self.run_experiment("--help").out)
        for flag in ("--hand-overs", "--spin-ms"):
            self.assert_refused(self.run_experiment(flag, "few"), flag)
            self.assert_refused(self.run_experiment(flag, "-1"), flag)

    @unittest.skipIf(os.geteuid() != 0, "needs root, to become a user with a limit")
    @unittest.skipIf(SANITIZED, "the sanitizers' own threads count against the limit")
    def test_too_few_processes_are_skipped_with_the_limit(self):
        def few():  # the program and its meter: nobody more
            resource.setrlimit(resource.RLIMIT_NPROC, (2, 2))
            os.setgid(61_411)
            os.setuid(61_411)

        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            shutil.copy(BIN / self.experiment, folder)
            done = subprocess.run([f"{folder}/{self.experiment}", "--smoke"], capture_output=True,
                                  text=True, preexec_fn=few, timeout=60, cwd="/")
        self.assertEqual(done.returncode, 0, done.stderr)
        for model in ONE_CORE - {"coroutines"}:
            self.assertRegex(done.stdout, rf"{model} +skipped.*RLIMIT_NPROC")


if __name__ == "__main__":
    unittest.main()
