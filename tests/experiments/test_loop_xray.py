"""loop_xray, run small: every answer is right, the lanes tell the truth, and an observer sees every step."""

import json
import tempfile
import unittest
from pathlib import Path

from tests.experiments import fault_servers
from tests.experiments.limits_case import LimitsCase


class LoopXray(LimitsCase):
    experiment = "loop_xray"
    programs_beside = ("slow_server",)

    def smoke(self, *flags):
        return self.run_experiment("--smoke", "--benchmark_min_time=0", *flags)

    def test_every_answer_is_right_and_every_step_is_seen(self):
        outcome = self.smoke("--requests", "4", "--steps", "1000")
        self.assertEqual((outcome.exit_code, outcome.err), (0, ""))
        rows = {name.removeprefix("loop_xray/"): row for name, row in zip(outcome.names(), outcome.rows())}
        self.assertEqual(set(rows), {"blocking/requests:4/trace:on", "coroutines/requests:4/trace:on",
                                     "coroutines/requests:4/trace:off", "coroutines/observer:none",
                                     "coroutines/observer:counting"})
        for name, row in rows.items():
            self.assertNotIn("error_occurred", row)
            self.assertEqual(row["units"], 1000 if "observer" in name else 4, name)
        # Begun, woken by the answer, and perhaps once when the connection was there: no more.
        resumes = rows["coroutines/requests:4/trace:on"]["resumes"]
        self.assertTrue(2 * 4 <= resumes <= 5 * 4, resumes)

    def test_on_one_core_it_runs_too(self):
        self.assertEqual(self.run_on_one_core().returncode, 0)

    def test_a_broken_server_is_one_line(self):
        for behave, word in ((fault_servers.answer_500, "500"), (fault_servers.close_early, "closed"),
                             (fault_servers.never, "deadline|timed out")):
            with self.subTest(fault=behave.__name__), fault_servers.serving(behave) as target:
                outcome = self.smoke("--target", target, "--deadline-ms", "200", "--benchmark_filter=coroutines/requests")
                self.assertEqual(outcome.exit_code, 1)
                self.assertRegex(outcome.err, f"^[^\n]*({word})[^\n]*\n$")

    def test_help_and_bad_input(self):
        self.assertIn("--timeline", self.run_experiment("--help").out)
        self.assert_refused(self.run_experiment("--requests", "0"), "--requests")
        self.assert_refused(self.run_experiment("--wait-ms", "soon"), "--wait-ms")
        self.assert_refused(self.run_experiment("--steps", "-1"), "--steps")
        self.assert_refused(self.smoke("--target", "nowhere"), "nowhere")
        self.assert_refused(self.smoke("--timeline", "/no/such/folder/x.json"), "--timeline", "/no/such")


class TheLanes(LimitsCase):
    experiment = "loop_xray"

    def setUp(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trace.json"
            self.run_experiment("--smoke", "--timeline", str(path), "--benchmark_min_time=0", "--wait-ms", "60")
            self.events = json.loads(path.read_text())["traceEvents"]

    def lanes(self, model):
        """{request: [(state, what, begin, end)]} of a model, by time."""
        pid = next(event["pid"] for event in self.events
                   if event["args"].get("name") == f"loop_xray/{model}/requests:3/trace:on")
        names = {event["tid"]: event["args"]["name"] for event in self.events
                 if event["name"] == "thread_name" and event["pid"] == pid}
        lanes = {name: [] for name in names.values()}
        for event in sorted((each for each in self.events if each["ph"] == "X"), key=lambda each: each["ts"]):
            if event["pid"] == pid:
                lanes[names[event["tid"]]].append((event["cat"], event["name"], event["ts"], event["ts"] + event["dur"]))
        return lanes

    def test_each_request_computes_waits_and_computes(self):
        for model in ("blocking", "coroutines"):
            lanes = self.lanes(model)
            self.assertEqual(list(lanes), ["request 1", "request 2", "request 3"])
            for name, own in lanes.items():
                ran = [what for state, what, *_ in own if state == "running"]
                self.assertEqual((ran[0], ran[-1]) if model == "blocking" else (ran[-1],),
                                 ("set-up", "post-processing") if model == "blocking" else ("post-processing",), name)
                self.assertIn("set-up", ran)
                self.assertIn("waiting", {state for state, *_ in own})

    def test_lanes_have_no_gaps_and_no_overlaps(self):
        for own in self.lanes("coroutines").values():
            for before, after in zip(own, own[1:]):
                self.assertAlmostEqual(before[3], after[2], delta=0.002)

    def test_one_thread_runs_one_at_a_time(self):
        for model in ("blocking", "coroutines"):
            runs = sorted((begin, end) for own in self.lanes(model).values()
                          for state, _, begin, end in own if state == "running")
            for before, after in zip(runs, runs[1:]):
                self.assertLessEqual(before[1], after[0] + 0.002, model)

    def test_on_the_loop_all_wait_at_the_same_time_and_in_turn_never(self):
        for model, together in (("blocking", False), ("coroutines", True)):
            waits = [max((end - begin, begin, end) for state, _, begin, end in own if state == "waiting")
                     for own in self.lanes(model).values()]
            latest_begin, first_end = max(each[1] for each in waits), min(each[2] for each in waits)
            self.assertEqual(latest_begin < first_end, together, model)

    def test_who_has_not_begun_yet_is_ready(self):
        for name in ("request 2", "request 3"):
            self.assertEqual(self.lanes("coroutines")[name][0][0], "ready", name)


if __name__ == "__main__":
    unittest.main()
