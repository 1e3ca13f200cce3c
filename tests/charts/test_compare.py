"""compare and aa: what they find, what they refuse, and how they end."""

import math
import shutil
import sys
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from charts_case import ChartsCase  # noqa: E402
from recorded_results import (  # noqa: E402
    edit_json, error_row, row, write_machine, write_matrix, write_run,
)  # fmt: skip

from common.charts.aa import allowed_false  # noqa: E402
from common.charts.compare import compare, strip  # noqa: E402
from common.charts.compare_chart import by_experiment, describe, title_of  # noqa: E402
from common.charts.verdicts import Verdict  # noqa: E402

SLOWED = "matrix/event_loop/work:io/jobs:8"


class Drawn(ChartsCase):
    def compared(self, **slower):
        write_matrix(self.folder / "base", trials=10, noise=0.005, seed=1)
        write_matrix(self.folder / "new", trials=10, noise=0.005, seed=2, slower=slower)
        return self.folder / "base", self.folder / "new"

    def test_before_and_after_are_drawn_on_sheets_of_thirty_series(self):
        code, out, _ = self.run_verb("compare", *self.compared(**{SLOWED: 1.1}), "--charts",
                                     self.folder / "charts")
        self.assertEqual(code, 0)
        drawn = sorted((self.folder / "charts").iterdir())
        self.assertEqual([path.name for path in drawn],
                         ["matrix-2.png", "matrix-2.svg", "matrix.png", "matrix.svg"])
        for path in drawn:
            self.assertIn(f"drawn: {path}", out)
            if path.suffix == ".svg":
                self.assertLess(path.stat().st_size, 200_000)
                xml.fromstring(path.read_text())
        words = (self.folder / "charts" / "matrix.svg").read_text()
        self.assertIn("matrix: of 30 series, 1 slower and 0 faster than before", words)
        self.assertIn("most of all event_loop work io, jobs 8: +10", words)

    def test_without_a_change_the_title_says_so(self):
        compared = compare(*self.compared(), 0.02)
        ((experiment, rows),) = by_experiment(compared).items()
        self.assertEqual(title_of(experiment, rows),
                         "matrix: of 54 series, 0 slower and 0 faster than before")
        self.assertEqual(describe(experiment, rows).count(" after, "), 54)

    def test_a_series_too_short_for_an_interval_is_drawn_without(self):
        for side in ("base", "new"):
            write_run(self.folder / side, [[row("matrix/odd/a:1", 0.1)]] * 2)
        code, out, _ = self.run_verb("compare", self.folder / "base", self.folder / "new",
                                     "--charts", self.folder / "charts")
        self.assertEqual(code, 0)
        self.assertTrue((self.folder / "charts" / "matrix.svg").exists())

    def test_the_strip_in_the_table(self):
        def drawn(low, ratio, high):
            return strip(Verdict("x", ratio, low, high, 0.5, "same"), 2.0)
        self.assertEqual(drawn(0.9, 1.0, 1.1), "        ──●─         ")
        self.assertEqual(drawn(1.2, 1.4, 9.0), "          │  ──●────›")
        self.assertEqual(drawn(0.0, 1.4, math.inf), "          │    ●     ")


class Compare(ChartsCase):
    def setUp(self):
        super().setUp()
        self.base = write_matrix(self.folder / "base", trials=10, jobs=(8,), noise=0.005, seed=1)

    def new(self, **settings):
        settings = {"trials": 10, "jobs": (8,), "noise": 0.005, "seed": 2, **settings}
        return write_matrix(self.folder / "new", **settings)

    def test_the_same_again(self):
        code, out, _ = self.run_verb("compare", self.base, self.new(), "--fail-on-regression")
        self.assertEqual(code, 0)
        self.assertIn("27 series compared: 0 slower, 0 faster, 27 same within ±2 %, 0 incon", out)
        self.assertIn("Holm over 27, margin ±2 %", out.splitlines()[-1])

    def test_a_regression_is_named_and_fails_only_when_asked(self):
        new = self.new(slower={SLOWED: 1.1})
        code, out, _ = self.run_verb("compare", self.base, new)
        self.assertEqual(code, 0)
        line = next(line for line in out.splitlines() if line.startswith(SLOWED))
        self.assertRegex(line, r"\+\d+\.\d % +\[\+\d.*slower$")
        self.assertIn("1 slower, 0 faster, 26 same", out)
        self.assertEqual(self.run_verb("compare", self.base, new, "--fail-on-regression")[0], 1)
        self.assertEqual(self.run_verb("compare", new, self.base, "--fail-on-regression")[0], 0)

    def test_the_margin_is_a_parameter(self):
        _, out, _ = self.run_verb("compare", self.base, self.new(slower={SLOWED: 1.1}), "--margin",
                                  "15")
        self.assertIn("27 same within ±15 %", out)
        for bad in ("-1", "x", "99"):
            code, _, err = self.run_verb("compare", self.base, self.base, "--margin", bad)
            self.assertEqual(code, 2)
            self.assertIn("is not a percentage", err)

    def test_too_few_trials_are_inconclusive_and_said_so(self):
        new = self.new(trials=3, slower={SLOWED: 3})
        _, out, _ = self.run_verb("compare", self.base, new)
        self.assertIn("0 slower", out)
        self.assertIn("3 trials a side can't show a difference among so many", out)

    def test_other_machines_compilers_and_builds_are_refused_unless_forced(self):
        for field in ("cpu_model", "cores", "kernel", "compiler", "compiler_flags", "build_type",
                      "governor", "virtualization"):
            new = self.new(context={field: "another"})
            self.assert_refused(["compare", self.base, new], field, "'another'", "--force")
            code, out, _ = self.run_verb("compare", self.base, new, "--force")
            self.assertEqual(code, 0)
            self.assertIn(f"FORCED: {field} is ", out.splitlines()[0])

    def test_other_parameters_are_refused_and_other_orders_are_not(self):
        new = self.new(mode="full")
        self.assert_refused(["compare", self.base, new], "'--quick' in base and '--full' in new")
        new = self.new(command=["build/release/bin/matrix", "--quick", "--wait-ms=50"])
        self.assert_refused(["compare", self.base, new], "--wait-ms=50")
        new = self.new(command=["elsewhere/matrix", "--benchmark_filter=io", "--quick"])
        edit_json(self.base / "run.json", lambda run: run.update(
            command=["build/release/bin/matrix", "--quick", "--order_seed=3"]))
        self.assertEqual(self.run_verb("compare", self.base, new)[0], 0)

    def test_other_amounts_of_work_are_refused(self):
        new = self.new()
        for trial in new.glob("trial_*"):
            edit_json(trial, lambda whole: whole["benchmarks"][0].update(units=9))
        self.assert_refused(["compare", self.base, new], "units of work")

    def test_a_csv_is_never_read(self):
        path = self.folder / "results.csv"
        path.write_text("name,real_time\nx,1\n")
        for pair in ((path, self.base), (self.base, path), (self.base, self.folder / "no.CSV")):
            self.assert_refused(["compare", *pair], "CSV has neither the trials nor the machine",
                                "give a recorded results folder")

    def test_series_of_one_side_are_listed(self):
        new = self.new(extra=[row("matrix/io_uring/work:io/jobs:8", 0.02)])
        self.assertIn("only in new: matrix/io_uring/work:io/jobs:8",
                      self.run_verb("compare", self.base, new)[1])
        self.assertIn("only in base: matrix/io_uring/work:io/jobs:8",
                      self.run_verb("compare", new, self.base)[1])

    def test_a_series_that_fails_now_is_a_regression(self):
        new = write_run(self.folder / "new", [
            [error_row(SLOWED, "wrong answer"), row("matrix/blocking/work:io/jobs:8", 0.2)]] * 8)
        code, out, _ = self.run_verb("compare", self.base, new, "--force", "--fail-on-regression")
        self.assertEqual(code, 1)
        self.assertIn(f"failed in new: {SLOWED}", out)

    def test_whole_machines_are_one_family(self):
        one, two = (write_machine(self.folder / name, jobs=(8,), seed=i) for i, name in
                    enumerate(("one", "two")))
        code, out, _ = self.run_verb("compare", one, two)
        self.assertEqual(code, 0)
        self.assertIn("34 series compared", out)
        code, out, _ = self.run_verb("compare", one / "1_2_io_cpu", two / "1_2_io_cpu")
        self.assertIn("34 series compared", out)

    def test_nothing_in_common_and_several_machines_are_refused(self):
        other = write_machine(self.folder / "m") / "1_2_io_cpu" / "listing_1_1"
        self.assert_refused(["compare", self.base, other], "no experiment in common")
        root = self.folder / "results"
        for name in ("one", "two"):
            write_machine(root / name)
        self.assert_refused(["compare", root, root], "several machines")

    def test_incomplete_and_debug_sides_are_marked(self):
        base = write_matrix(self.folder / "base", jobs=(8,), complete=False, reason="interrupted",
                            trials_planned=20, context={"build_type": "debug"})
        _, out, _ = self.run_verb("compare", base, base)
        self.assertIn("!! base: INCOMPLETE: 8 of 20 trials (interrupted)", out)
        self.assertIn("!! new: DEBUG BUILD", out)


class AgainstItself(ChartsCase):
    def record(self, name="a", **settings):
        settings = {"trials": 10, "jobs": (8, 64), "noise": 0.01, **settings}
        write_matrix(self.folder / name, **settings)

    def test_a_fair_machine_passes(self):
        self.record("a", seed=1)
        self.record("b", seed=2)
        code, out, _ = self.run_verb("aa", self.folder)
        self.assertEqual(code, 0)
        self.assertIn("of 54 comparisons", out)
        self.assertIn("0 came out faster and 0 slower", out)

    def test_whole_machines_are_judged_as_the_runner_records_them(self):
        for seed, name in enumerate("ab"):
            write_machine(self.folder / name, seed=seed)
        self.assertEqual(self.run_verb("aa", self.folder)[0], 0)

    def test_an_unfair_machine_fails(self):
        self.record("a", seed=1)
        slower = {f"matrix/{model}/work:io/jobs:64": 1.2
                  for model in ("threads", "tbb", "blocking")}
        self.record("b", seed=2, slower=slower)
        code, out, _ = self.run_verb("aa", self.folder)
        self.assertEqual(code, 1)
        self.assertIn("3 slower (5.6%); allowed are 2", out)

    def test_the_rule_for_small_counts(self):
        self.assertEqual([allowed_false(n) for n in (1, 19, 20, 39, 40, 100)], [1, 1, 1, 1, 2, 5])

    def test_a_run_that_could_never_fail_proves_nothing(self):
        self.record("a", trials=4)
        self.record("b", trials=4)
        self.assert_refused(["aa", self.folder], "too few trials", "at least 7 trials")

    def test_halves_that_differ_or_are_missing_are_refused(self):
        self.record("a")
        self.record("b", context={"compiler": "clang"})
        self.assert_refused(["aa", self.folder], "compiler", "not the same")
        shutil.rmtree(self.folder / "b")
        self.assert_refused(["aa", self.folder], "no such folder")


if __name__ == "__main__":
    unittest.main()
