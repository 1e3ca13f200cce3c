"""two_cakes, run small: every cake is done, one core is enough for what needs one, and the timeline tells the truth."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.experiments.experiment_case import BIN, ROOT, ExperimentCase

MODELS = {"serial", "concurrent", "parallel"}
TURNS = 2  # of a cake, in the smallest sweep


def skip_reasons(outcome):
    return {row["name"].split("/")[1]: row["error_message"] for row in outcome.rows()
            if row.get("error_occurred")}


class TwoCakes(ExperimentCase):
    experiment = "two_cakes"

    def smoke(self, *flags):
        return self.run_experiment("--smoke", *flags, "--benchmark_min_time=0")

    def test_all_cakes_are_baked_whatever_the_way(self):
        outcome = self.smoke()
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(outcome.models(), MODELS)
        skipped = skip_reasons(outcome)
        for row in outcome.rows():
            if row["name"].split("/")[1] not in skipped:
                cakes = int(row["name"].split("cakes:")[1].split("/")[0])
                self.assertEqual(row["units"], cakes * TURNS, row["name"])
                self.assertGreater(row["bound_s"], 0)

    def test_on_one_core_the_second_oven_is_skipped_with_the_reason(self):
        one = ["taskset", "-c", "0"]
        self.command = lambda *flags: [*one, str(BIN / "two_cakes"), *flags]
        outcome = self.smoke()
        self.assertEqual(outcome.exit_code, 0, outcome.err)
        self.assertEqual(set(skip_reasons(outcome)), {"parallel"})
        self.assertRegex(skip_reasons(outcome)["parallel"], "^skipped: 2 ovens need .* may use 1 ")

    def test_more_ovens_than_any_machine_has_are_skipped(self):
        outcome = self.smoke("--ovens", "100000", "--cakes", "2")
        self.assertEqual((outcome.exit_code, set(skip_reasons(outcome))), (0, {"parallel"}))

    def test_help_and_bad_input(self):
        self.assertIn("--timeline", self.run_experiment("--help").out)
        self.assert_refused(self.run_experiment("--ovens", "0"), "--ovens")
        self.assert_refused(self.run_experiment("--turn-ms", "soon"), "--turn-ms")
        self.assert_refused(self.smoke("--timeline", "/no/such/folder/x.json"), "--timeline", "/no/such")


class TheTimeline(ExperimentCase):
    experiment = "two_cakes"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "trace.json"
        self.outcome = self.run_experiment("--smoke", "--timeline", str(self.path), "--benchmark_min_time=0")
        self.events = json.loads(self.path.read_text())["traceEvents"]

    def slices(self, model, state):
        """(lane, begin, end, core) of a model's slices with two cakes that work and pause."""
        wanted = f"two_cakes/{model}/recipe:both/cakes:2"
        pid = next((event["pid"] for event in self.events if event["args"].get("name") == wanted), None)
        return [(event["tid"], event["ts"], event["ts"] + event["dur"], event["args"]["core"])
                for event in self.events
                if event["ph"] == "X" and event["pid"] == pid and event["cat"] == state]

    def test_a_cake_runs_and_waits_in_turn(self):
        for model in MODELS - set(skip_reasons(self.outcome)):
            for lane in (1, 2):
                waits = [each for each in self.slices(model, "waiting") if each[0] == lane]
                self.assertEqual(len(waits), TURNS)
                own = sorted(each for state in ("running", "waiting", "ready")
                             for each in self.slices(model, state) if each[0] == lane)
                for before, after in zip(own, own[1:]):
                    self.assertLessEqual(before[2], after[1] + 0.002, (model, lane))

    def test_in_one_oven_nobody_runs_at_the_same_time_as_another(self):
        for model in ("serial", "concurrent"):
            own = sorted(self.slices(model, "running"), key=lambda each: each[1])
            for before, after in zip(own, own[1:]):
                self.assertLessEqual(before[2], after[1] + 0.002, model)

    def test_each_oven_is_one_core(self):
        for model in {"serial", "concurrent"}:
            self.assertEqual(len({core for *_, core in self.slices(model, "running")}), 1)
        if "parallel" not in skip_reasons(self.outcome):
            cores = {lane: core for lane, *_, core in self.slices("parallel", "running")}
            self.assertEqual(len(set(cores.values())), 2)

    def test_serial_begins_the_second_cake_when_the_first_is_done(self):
        first = max(end for lane, _, end, _ in self.slices("serial", "waiting") if lane == 1)
        second = min(begin for lane, begin, _, _ in self.slices("serial", "running") if lane == 2)
        self.assertGreaterEqual(second, first)

    def test_concurrent_begins_the_second_cake_while_the_first_pauses(self):
        first = max(end for lane, _, end, _ in self.slices("concurrent", "waiting") if lane == 1)
        second = min(begin for lane, begin, _, _ in self.slices("concurrent", "running") if lane == 2)
        self.assertLess(second, first)

    def test_it_lies_beside_the_record_too(self):
        record = self.path.with_name("record.json")
        done = subprocess.run([BIN / "two_cakes", "--smoke", f"--benchmark_out={record}"],
                              capture_output=True, cwd=ROOT, timeout=60)
        self.assertEqual(done.returncode, 0)
        beside = json.loads(record.with_name("record.json.trace.json").read_text())
        self.assertTrue(beside["traceEvents"])


if __name__ == "__main__":
    unittest.main()
