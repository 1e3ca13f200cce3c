"""What the tables and lines of words say of several trials, and of several runs."""

import shlex
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from charts_case import ROOT, ChartsCase  # noqa: E402
from recorded_results import noisy_trials, row, write_run  # noqa: E402

from common.charts import baseline, drawing  # noqa: E402
from common.charts.claim_table import machine_lines  # noqa: E402
from common.charts.costs import cost_tables  # noqa: E402
from common.charts.results import load_run  # noqa: E402
from common.charts.section_words import command_of  # noqa: E402

ECHO = {"experiment": "echo", "section": "1_6_nonblocking", "baseline": "blocking"}


class Tables(ChartsCase):
    def run_of(self, trials, **run):
        return load_run(write_run(self.folder / "echo", trials, ECHO, **run))

    def test_a_trial_that_began_all_in_time_counts_in_the_latencies_of_service(self):
        late = {"max_ms": 9.0, "service_max_ms": 5.0}
        run = self.run_of([[row("echo/blocking/clients:1", 0.1, **fields),
                            row("echo/poll/clients:1", 0.1, max_ms=1.0)]
                           for fields in (late, {"max_ms": 2.0}, {"max_ms": 3.0})])
        *_, (_, header, rows) = cost_tables(run)
        self.assertEqual(header, ["series", "max", "service max"])
        self.assertEqual(rows, [["blocking clients 1", "3.00 ms", "3.00 ms"],
                                ["poll clients 1", "1.00 ms", "–"]])

    def test_a_trial_is_held_against_its_own_bound(self):
        bounds, seconds = (0.1, 0.2, 0.4), (0.2, 0.22, 0.6)
        run = self.run_of([[row("echo/blocking/clients:1", each, bound_s=bound, label="all work")]
                           for each, bound in zip(seconds, bounds)])
        judged, = baseline.judge_run(run)
        self.assertAlmostEqual(judged.bound_multiple, 1.5)
        self.assertEqual((judged.bound, judged.bound_s), ("all work", 0.2))

    def test_a_bound_that_goes_by_two_names_has_both(self):
        run = self.run_of([[row("echo/blocking/clients:1", 0.3, bound_s=0.2, label=label)]
                           for label in ("work", "waits", "work")])
        self.assertEqual(baseline.judge_run(run)[0].bound, "work or waits")

    def test_recording_again_takes_as_many_trials_and_the_same_flags(self):
        trials = noisy_trials({"echo/blocking/clients:1": 0.1}, trials=3)
        self.assertEqual(command_of(self.run_of(trials)), "make 1.6 TRIALS=3 SEED=1234")
        flags = ["--clients", "1", "--model=it's"]
        words = shlex.split(command_of(self.run_of(trials, mode="full", command=[
            "build/release/bin/echo", "--full", *flags])))
        self.assertEqual(words[:-1], ["make", "1.6", "FULL=1", "TRIALS=3", "SEED=1234"])
        self.assertEqual(shlex.split(words[-1].removeprefix("ARGS=")), flags)

    def test_each_kind_of_run_is_named_with_its_sections_and_others_are_not(self):
        runs = [load_run(write_run(self.folder / "m" / section / "echo",
                                   noisy_trials({"echo/blocking/clients:1": 0.1}),
                                   ECHO | {"section": section, "commit": commit}))
                for section, commit in (("1_1_a", "aaa"), ("1_2_b", "bbb"), ("1_6_c", "aaa"))]
        one = machine_lines(runs, ["1_2_b"])
        self.assertEqual(len(one), 2)
        self.assertRegex(one[0], "^m: .*commit bbb")
        self.assertNotRegex(one[0], "1[.]2")
        both = " ".join(machine_lines(runs, ["1_1_a", "1_2_b", "1_6_c"]))
        self.assertRegex(both, r"commit aaa[^(]*\(1\.1, 1\.6\).*commit bbb[^(]*\(1\.2\)")
        self.assertIn("Nothing is recorded", machine_lines(runs, ["1_7_d"])[0])


class Wrong(unittest.TestCase):
    """One wrong trial among many is a wrong answer."""

    def test_a_guard_that_fails_in_one_trial_is_wrong(self):
        run = load_run(ROOT / "results" / "reference-2-cores" / "1_3_concurrency" / "granularity")
        rows = run.table.index[run.table["model"] == "threads_bare"]
        run.table.loc[rows, ["lost", "broken"]] = 0.0
        self.assert_panels(run, "Right by luck")
        for case in run.table.loc[rows].groupby("case").groups.values():
            run.table.loc[case[0], "lost"] = run.table.loc[case[0], "units"] / 4
        self.assert_panels(run, "WRONG: bare, up to")

    def assert_panels(self, run, words):
        charts = drawing.declared(run)
        self.assertEqual(len(charts), 4)
        for chart in charts:
            self.assertIn(words, chart.panel_titles["nothing"])


if __name__ == "__main__":
    unittest.main()
