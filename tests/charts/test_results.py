"""What is read from recorded results, and what is refused: each refusal names file and field."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from charts_case import ChartsCase  # noqa: E402
from recorded_results import (  # noqa: E402
    edit_json, error_row, row, write_matrix, write_run,
)  # fmt: skip

from common.charts.errors import ResultsError  # noqa: E402
from common.charts.results import load_run  # noqa: E402
from common.charts.series import model_rank, number_or_text, parse_series  # noqa: E402


class SeriesNames(ChartsCase):
    def test_what_google_benchmark_appends_is_dropped(self):
        for suffix in ("", "/manual_time", "/real_time", "/process_time/threads:4",
                       "/min_time:0.500/iterations:7/repeats:3/manual_time",
                       "/min_warmup_time:1.000/real_time"):
            series = parse_series("matrix/threads/work:io/jobs:64" + suffix, "x.json")
            self.assertEqual(series.name, "matrix/threads/work:io/jobs:64")
            self.assertEqual(series.parameters, (("work", "io"), ("jobs", "64")))

    def test_a_series_may_have_no_parameters(self):
        self.assertEqual(parse_series("fib/tbb/manual_time", "x.json").name, "fib/tbb")

    def test_a_name_that_breaks_the_rule_is_refused(self):
        for name in ("matrix", "matrix/", "/tbb", "matrix/tbb/io", "matrix/tbb/a:1/a:2"):
            with self.assertRaisesRegex(ResultsError, "x.json: benchmarks.name: "):
                parse_series(name, "x.json")

    def test_steps_come_before_the_vocabulary_and_strangers_after_it(self):
        models = ("deque", "fifo", "sockets", "blocking", "coroutines", "io_uring", "aardvark", "zebra")
        self.assertEqual(sorted(reversed(models), key=model_rank), list(models))

    def test_numbers_and_texts(self):
        self.assertEqual([number_or_text(each) for each in ("64", "0.5", "-1", "io", "nan", "1_0")],
                         [64, 0.5, -1, "io", "nan", "1_0"])


class GoodRuns(ChartsCase):
    def test_one_row_per_series_and_trial_with_parameters_and_counters(self):
        run = load_run(write_run(self.folder, [
            [row("matrix/tbb/work:io/jobs:8", 0.5, unit=unit, bound_s=0.4, label="longest wait",
                 special=3.5)] for unit in ("s", "ms", "us", "ns")]))
        self.assertEqual(list(run.table["trial"]), [0, 1, 2, 3])
        for seconds in run.table["seconds"]:
            self.assertAlmostEqual(seconds, 0.5)
        first = run.table.iloc[0]
        self.assertEqual((first["model"], first["work"], first["jobs"], first["case"]),
                         ("tbb", "io", 8, "work:io/jobs:8"))
        self.assertEqual((first["bound"], first["bound_s"], first["special"], first["units"]),
                         ("longest wait", 0.4, 3.5, 64.0))

    def test_repetitions_of_a_trial_are_one_row_their_median(self):
        rows = [row("matrix/tbb/work:io", s, repetition_index=i) for i, s in enumerate((3, 1, 2))]
        rows.append(dict(rows[0], name="matrix/tbb/work:io_mean", run_type="aggregate"))
        run = load_run(write_run(self.folder, [rows]))
        self.assertEqual(list(run.table["seconds"]), [2.0])

    def test_skipped_and_failed_series_are_kept_apart_in_all_trials(self):
        good = [row("matrix/blocking/work:io", 1), row("matrix/tbb/work:io", 1)]
        bad = [row("matrix/blocking/work:io", 1), error_row("matrix/tbb/work:io", "wrong answer"),
               error_row("matrix/io_uring/work:io", "skipped: no io_uring here")]
        newer = [*good, dict(row("matrix/processes/work:io", 1), skipped=True,
                             skip_message="too few processes")]
        run = load_run(write_run(self.folder, [good, bad, newer]))
        self.assertEqual(run.models, ["blocking"])
        self.assertEqual([(mark.series.model, mark.kind, mark.reason, count)
                          for mark, count in run.set_aside],
                         [("tbb", "failed", "wrong answer", 1),
                          ("processes", "skipped", "too few processes", 1),
                          ("io_uring", "skipped", "no io_uring here", 1)])

    def test_a_failed_row_may_hold_any_rubbish(self):
        folder = write_run(self.folder, [[row("matrix/blocking", 1),
                                          error_row("matrix/tbb", "broken")]])
        path = folder / "trial_00.json"
        path.write_text(path.read_text().replace('"real_time": 0.0', '"real_time": -NaN'))
        self.assertEqual(load_run(folder).set_aside[0][0].kind, "failed")

    def test_an_incomplete_run_and_a_debug_build_are_marked(self):
        run = load_run(write_matrix(self.folder, trials=2, jobs=(8,), complete=False,
                                    reason="interrupted", trials_planned=8,
                                    context={"build_type": "debug"}))
        self.assertIn("INCOMPLETE: 2 of 8 trials (interrupted)", run.warnings[1])
        self.assertIn("DEBUG BUILD", run.warnings[0])

    def test_a_run_interrupted_before_its_first_trial_loads_empty(self):
        run = load_run(write_run(self.folder, [], complete=False, reason="interrupted"))
        self.assertTrue(run.table.empty)
        self.assertEqual(run.values("jobs"), [])

    def test_a_doubt_that_differs_in_its_numbers_is_said_once_with_their_range(self):
        folder = write_matrix(self.folder, trials=3, jobs=(8,))
        for i in range(3):
            edit_json(folder / f"trial_{i:02d}.json", lambda whole: whole["context"].update(
                doubts=f"one core; load {i}.5 at the start" + ("; memory low" if i == 1 else "")))
        self.assertEqual(load_run(folder).doubts, (
            "one core", "load 0.5 to 2.5 at the start", "memory low (in 1 of 3 trials)"))


class BadRuns(ChartsCase):
    """Each broken input is given to a verb: exit code 2 and one line."""

    def setUp(self):
        super().setUp()
        self.run_folder = write_matrix(self.folder / "matrix", trials=3, jobs=(8,))
        self.trial = self.run_folder / "trial_01.json"

    def assert_run_refused(self, *words):
        line = self.assert_refused(["verdicts", self.run_folder], *words)
        self.assertIn(";", line, "a remedy follows the problem")

    def edit_row(self, **fields):
        edit_json(self.trial, lambda whole: whole["benchmarks"][0].update(fields))

    def test_truncated(self):
        self.trial.write_text(self.trial.read_text()[:-300])
        self.assert_run_refused("trial_01.json: line", "truncated")

    def test_empty(self):
        self.trial.write_text("")
        self.assert_run_refused("trial_01.json: is empty")

    def test_not_text(self):
        self.trial.write_bytes(b"\xff\xfe{}")
        self.assert_run_refused("trial_01.json: is not UTF-8")

    def test_deep_nonsense(self):
        self.trial.write_text("[" * 100_000)
        self.assert_run_refused("trial_01.json")

    def test_foreign(self):
        for foreign in ('{"results": []}', "[]", "3", '{"context": {}, "benchmarks": []}'):
            self.trial.write_text(foreign)
            self.assert_run_refused("trial_01.json: context")

    def test_no_series(self):
        edit_json(self.trial, lambda whole: whole.update(benchmarks=[]))
        self.assert_run_refused("trial_01.json: benchmarks: holds no series")

    def test_not_a_number(self):
        for bad in (float("nan"), float("inf"), "12", None, True, 10**400):
            self.edit_row(real_time=bad)
            self.assert_run_refused("trial_01.json", "real_time", "number")

    def test_a_counter_that_is_not_finite(self):
        self.edit_row(user_s=float("inf"))
        self.assert_run_refused("trial_01.json", "user_s")

    def test_times_that_nothing_takes(self):
        for bad in (0, -1.5):
            self.edit_row(real_time=bad)
            self.assert_run_refused("trial_01.json", "real_time")

    def test_a_bound_of_zero(self):
        self.edit_row(bound_s=0)
        self.assert_run_refused("trial_01.json", "bound_s")

    def test_an_unknown_unit_of_time(self):
        self.edit_row(time_unit="h")
        self.assert_run_refused("trial_01.json", "time_unit", "'h'")

    def test_a_duplicate_series(self):
        edit_json(self.trial, lambda whole: whole["benchmarks"].append(whole["benchmarks"][0]))
        self.assert_run_refused("trial_01.json", "is there twice")

    def test_a_missing_field_of_a_row(self):
        for field in ("name", "run_type", "time_unit", "real_time", "units"):
            write_matrix(self.run_folder, trials=3, jobs=(8,))
            edit_json(self.trial, lambda whole: whole["benchmarks"][0].pop(field))
            self.assert_run_refused("trial_01.json", field, "is missing")

    def test_a_missing_field_of_the_context(self):
        for field in ("experiment", "compiler", "build_type", "cpu_model", "commit"):
            write_matrix(self.run_folder, trials=3, jobs=(8,))
            edit_json(self.trial, lambda whole: whole["context"].pop(field))
            self.assert_run_refused("trial_01.json", f"context.{field}", "is missing")

    def test_trials_of_different_machines_compilers_or_builds(self):
        for field in ("compiler", "build_type", "cpu_model", "kernel", "cores", "commit"):
            write_matrix(self.run_folder, trials=3, jobs=(8,))
            edit_json(self.trial, lambda whole: whole["context"].update({field: "another"}))
            self.assert_run_refused("trial_01.json", f"context.{field}", "'another'")

    def test_a_trial_of_another_experiment(self):
        edit_json(self.trial, lambda whole: whole["context"].update(experiment="echo"))
        self.assert_run_refused("trial_01.json", "benchmarks.name", "'echo'")

    def test_unequal_work_between_trials(self):
        self.edit_row(units=63)
        self.assert_run_refused("units", "differs between trials")

    def test_a_parameter_named_like_a_column(self):
        for trial in self.run_folder.glob("trial_*"):
            edit_json(trial, lambda whole: whole["benchmarks"][0].update(
                name="matrix/tbb/seconds:3"))
        self.assert_run_refused("benchmarks.name", "'seconds'")

    def test_run_json_names_a_missing_file(self):
        self.trial.unlink()
        self.assert_run_refused("run.json: trials[1].file", "trial_01.json", "does not exist")

    def test_run_json_names_a_file_elsewhere_or_twice(self):
        for name, word in (("../x.json", "beside run.json"), ("trial_00.json", "twice")):
            edit_json(self.run_folder / "run.json",
                      lambda run: run["trials"][1].update(file=name))
            self.assert_run_refused("run.json: trials[1].file", word)

    def test_run_json_is_missing_a_field_or_has_a_wrong_one(self):
        path = self.run_folder / "run.json"
        whole = json.loads(path.read_text())
        for field in ("section", "experiment", "command", "mode", "trials", "complete", "commit"):
            path.write_text(json.dumps({key: whole[key] for key in whole if key != field}))
            self.assert_run_refused("run.json", field, "is missing")
        for field, value in (("schema", 2), ("experiment", "../../x"), ("section", "a b"),
                             ("trials", 3), ("complete", 1), ("trials", [])):
            path.write_text(json.dumps({**whole, field: value}))
            self.assert_run_refused("run.json", field)

    def test_a_folder_that_is_not_there_is_a_file_or_has_no_run(self):
        self.assert_refused(["verdicts", self.folder / "nowhere"], "nowhere", "no such folder")
        self.assert_refused(["verdicts", self.trial], "is not a folder")
        (self.folder / "empty").mkdir()
        self.assert_refused(["charts", self.folder / "empty"], "no run.json", "give")

    def test_the_same_run_twice_below_a_folder(self):
        write_matrix(self.folder / "copy", trials=3, jobs=(8,))
        self.assert_refused(["verdicts", self.folder], "the same run as in")

    def test_the_runners_own_folders_are_passed_over(self):
        write_matrix(self.folder / "matrix.interrupted", trials=3, jobs=(8,))
        self.assertEqual(self.run_verb("verdicts", self.folder)[0], 0)


if __name__ == "__main__":
    import unittest

    unittest.main()
