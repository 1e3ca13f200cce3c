"""The charts of section 1.5, drawn from made-up numbers: a wrong count is never called fast."""

import sys

from tests.charts.charts_case import ROOT, ChartsCase

sys.path.insert(0, str(ROOT / "tests" / "charts"))

from common.charts.drawing import declared, svg_of  # noqa: E402
from common.charts.results import load_run  # noqa: E402
from recorded_results import noisy_trials, write_run  # noqa: E402


class GilCharts(ChartsCase):
    def recorded(self, experiment, baseline, truth, fields=None):
        """Return a Run of the experiment from {series: seconds}."""
        folder = write_run(self.folder / experiment, noisy_trials(truth, fields=fields),
                           {"section": "1_5_gil", "experiment": experiment, "baseline": baseline},
                           section="1_5_gil")
        return load_run(folder)

    def drawn(self, run):
        """Return the titles and the SVG texts of all its charts."""
        charts = declared(run)
        return " | ".join(chart.title for chart in charts), "".join(
            svg_of(run, chart).decode() for chart in charts)

    def test_fib_40_41_shows_both_bounds(self):
        truth = {f"fib_40_41/{model}/language:cpp/n:37": seconds for model, seconds in
                 {"blocking": 0.1, "threads": 0.062, "tbb": 0.051, "processes": 0.063}.items()}
        bounds = {"threads": (0.0618, "the longer job"), "tbb": (0.05, "work / cores")}
        fields = {f"fib_40_41/{model}/language:cpp/n:37": {"bound_s": bound, "label": name}
                  for model, (bound, name) in bounds.items()}
        title, text = self.drawn(self.recorded("fib_40_41", "blocking", truth, fields))
        self.assertIn("C++ gains 1.61x", title)
        for words in ("the longer job", "work / cores"):
            self.assertIn(words, text)

    def test_imitated_gil_lays_one_lock_over_the_other(self):
        truth, fields = {}, {}
        for lock in ("real_gil", "imitated_gil"):
            for workers in (1, 2, 4, 8):
                truth[f"imitated_gil/{lock}/work:cpu/workers:{workers}"] = 0.1
                truth[f"imitated_gil/{lock}/work:io/workers:{workers}"] = 0.1 / workers
                truth[f"imitated_gil/{lock}/work:mixed/workers:{workers}"] = 0.2 / min(2, workers)
            for interval in ("0.5", "5"):
                name = f"imitated_gil/{lock}/beside:cpu/interval_ms:{interval}"
                truth[name] = 0.02
                fields[name] = {"request_s": 0.001 + float(interval) / 1e3, "portion_s": 1e-4}
        title, text = self.drawn(self.recorded("imitated_gil", "real_gil", truth, fields))
        self.assertIn("computing in CPython gains nothing (1.01x), waiting in CPython gains 8.0",
                      title)
        self.assertIn("6.0 ms in CPython, 6.0 ms in the imitation", title)
        for lock in ("real_gil", "imitated_gil"):
            self.assertIn(lock, text)

    def test_a_wrong_count_is_drawn_as_wrong_and_compared_with_nobody(self):
        costs = {"one_mutex": 4e-8, "atomic": 1e-8, "plain": 1e-9}
        truth, fields = {}, {}
        for model, cost in costs.items():
            for workers in (1, 2):
                promise = "nothing" if model == "plain" else "right"
                name = f"reference_count/{model}/promise:{promise}/workers:{workers}"
                truth[name] = cost * 1e6
                lost = 3343.0 if model == "plain" and workers == 2 else 0.0
                fields[name] = {"pair_s": cost, "lost": lost}
        run = self.recorded("reference_count", "one_mutex", truth, fields)
        title, text = self.drawn(run)
        self.assertNotIn("plain", title)
        self.assertIn("WRONG: it lost up to 3,343 references", text)
        code, verdicts, _ = self.run_verb("verdicts", run.folder)
        self.assertEqual(code, 0)
        plain = [line for line in verdicts.splitlines() if line.strip().startswith("plain")]
        self.assertTrue(plain)
        for line in plain:
            self.assertNotIn("faster", line)

    def test_two_requests_and_who_may_run(self):
        truth = {f"two_requests_python/{model}/language:{language}/requests:2": seconds
                 for language in ("cpython", "cpp")
                 for model, seconds in (("blocking", 0.06), ("threads", 0.03))}
        title, _ = self.drawn(self.recorded("two_requests_python", "blocking", truth))
        self.assertRegex(title, r"in CPython it gains (2.0|1.9)\dx and in C\+\+ it gains (2.0|1.9)")

        truth = {f"who_may_run_python/{model}/work:{work}/language:{language}": 0.04 / gain
                 for work, language, gains in (("cpu", "cpython", (1, 2)), ("cpu", "cpp", (2, 2)),
                                               ("io", "cpython", (4, 4)), ("io", "cpp", (4, 4)))
                 for model, gain in zip(("blocking", "threads", "processes"), (1, *gains))}
        title, text = self.drawn(self.recorded("who_may_run_python", "blocking", truth))
        self.assertIn("Computing in CPython: a thread gains nothing", title)
        self.assertIn("Waiting in C++", text)

    def test_a_run_with_hardly_anything_in_it_is_drawn_too(self):
        for experiment, series in (("fib_40_41", "blocking/language:cpp/n:12"),
                                   ("imitated_gil", "imitated_gil/work:io/workers:2"),
                                   ("two_requests_python", "blocking/language:cpp/requests:2"),
                                   ("who_may_run_python", "threads/work:io/language:cpp"),
                                   ("reference_count", "atomic/promise:right/workers:2")):
            with self.subTest(experiment=experiment):
                fields = {f"{experiment}/{series}": {"pair_s": 1e-8, "lost": 0.0}}
                truth = {f"{experiment}/{series}": 0.01}
                self.drawn(self.recorded(experiment, "blocking", truth, fields))
