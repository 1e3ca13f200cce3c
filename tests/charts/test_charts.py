"""The pictures: the same bytes from the same results, small, true to the gaps, and short to say."""

import dataclasses
import hashlib
import itertools
import sys
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from charts_case import ROOT, ChartsCase, start_verb  # noqa: E402
from recorded_results import (  # noqa: E402
    MODELS, error_row, noisy_trials, write_machine, write_matrix, write_run,
)  # fmt: skip

from common.charts import bound_labels, drawing, palette, quantities  # noqa: E402
from common.charts.declare import Dots, Lanes, Lines, Shares  # noqa: E402
from common.charts.folders import load_runs  # noqa: E402
from common.charts.results import load_run  # noqa: E402
from common.charts.series import MODELS as VOCABULARY  # noqa: E402
from common.charts.time_scale import scale_for  # noqa: E402

EXPERIMENT_CHARTS = sorted((ROOT / "experiments").glob("*/*/chart.py"))


class Files(ChartsCase):
    def test_every_experiment_gets_an_svg_and_a_png_at_the_machine(self):
        machine = write_machine(self.folder / "results" / "machine")
        code, out, _ = self.run_verb("charts", self.folder / "results")
        self.assertEqual(code, 0)
        names = {path.name for path in (machine / "charts").iterdir()}
        self.assertEqual(names, {f"{stem}.{suffix}" for suffix in ("svg", "png") for stem in
                                 ("matrix", "matrix-2", "where_time_goes", "listing_1_1")})
        self.assertEqual(len(out.splitlines()), 8)

    def test_only_one_experiment(self):
        machine = write_machine(self.folder)
        self.run_verb("charts", machine, "--only", "matrix")
        self.assertFalse((machine / "charts" / "listing_1_1.svg").exists())
        self.assert_refused(["charts", machine, "--only", "matrx"], "'matrx'", "matrix")

    def test_a_chart_that_is_no_more_is_removed(self):
        charts = self.folder / "charts"
        charts.mkdir()
        for name in ("matrix-7.svg", "matrix-7.png", "matrix-notes.svg", "echo.svg"):
            (charts / name).write_text("old")
        self.run_verb("charts", write_matrix(self.folder / "matrix", jobs=(8,)).parent)
        self.assertEqual({path.name for path in charts.iterdir()},
                         {"matrix.svg", "matrix.png", "matrix-notes.svg", "echo.svg"})

    def test_the_same_results_give_the_same_bytes_in_another_process(self):
        machine = write_machine(self.folder / "m")
        digests = []
        for seed in ("1", "2"):  # Python's own hash seeds must not matter
            environment = {"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": seed, "HOME": self.folder,
                           "MPLCONFIGDIR": str(self.folder)}
            if seed == "2":  # and neither must somebody's settings for matplotlib
                (self.folder / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: none\n")
            process = start_verb("charts", machine, env=environment)
            self.assertEqual(process.wait(), 0, process.stderr.read())
            process.communicate()
            digests.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                            for path in (machine / "charts").iterdir()})
        self.assertEqual(len(digests[0]), 8)
        self.assertEqual(*digests)

    def test_an_svg_is_small_even_after_many_trials_of_a_full_sweep(self):
        write_matrix(self.folder / "matrix", trials=20, jobs=(1, 8, 64, 1000))
        self.run_verb("charts", self.folder)
        for path in (self.folder / "charts").glob("*.svg"):
            self.assertLess(path.stat().st_size, 200_000, path.name)
            text = path.read_text()
            self.assertNotRegex(text, r"\d\d\d\d-\d\d-\d\d|<script|matplotlib v")
            self.assertIn("<title>", text)
            xml.fromstring(text)


def texts_in(run, chart):
    """Return all that is written in a chart, in the panels and around them."""
    figure = drawing.figure_of(run, chart)
    return [text.get_text() for text in [*figure.texts, *(each for axes in figure.axes
                                                          for each in axes.texts)]]


class WhatIsDrawn(ChartsCase):
    def described(self, folder):
        run = load_run(folder)
        return run, [drawing.describe(run, chart) for chart in drawing.declared(run)]

    def test_titles_are_computed_from_the_numbers(self):
        run = load_run(write_matrix(self.folder, jobs=(8, 64), noise=0.001))
        first, second = drawing.declared(run)
        self.assertEqual(first.title, "One thread waits for 64 servers in 22 ms; one at a time "
                         "takes 1.4 s.\nComputing gains 2.00x on 2 cores; a loop alone gains "
                         "nothing (1.00x).")
        self.assertEqual(second.title, "8 times the jobs: waiting takes blocking 8.0x as long, "
                         "and event_loop 1.0x")

    def test_shares_of_computing_and_waiting(self):
        machine = write_machine(self.folder)
        _, (words,) = self.described(machine / "1_2_io_cpu" / "where_time_goes")
        self.assertIn("Digits of pi: 98.9 % computing. Web request: 99.6 % waiting.", words)
        _, (words,) = self.described(machine / "1_2_io_cpu" / "listing_1_1")
        self.assertIn("nearly all in one phase: request a page", words)

    def test_what_was_skipped_or_failed_is_named_and_never_drawn(self):
        extra = [error_row(f"matrix/io_uring/work:{work}/jobs:8", "skipped: no io_uring here")
                 for work in ("io", "cpu")]
        folder = write_matrix(self.folder, jobs=(8,), extra=[
            *extra, error_row("matrix/process_pool2/work:io/jobs:8", "wrong answer")])
        run, words = self.described(folder)
        self.assertNotIn("io_uring", " ".join(words))
        self.assertNotIn("process_pool2", " ".join(words))
        foot = drawing.foot_lines(run)
        self.assertIn("Skipped: io_uring (work:cpu/jobs:8; work:io/jobs:8): no io_uring here", foot)
        self.assertIn("Failed: process_pool2 (work:io/jobs:8): wrong answer", foot)

    def test_a_wrong_answer_is_crossed_out_and_never_told_as_a_time(self):
        truth = {f"matrix/{model}/work:cpu/jobs:{n}": 0.01 * n for model in ("atomic", "plain")
                 for n in (1, 2)}
        fields = {name: {"lost": float(name == "matrix/plain/work:cpu/jobs:2")} for name in truth}
        run = load_run(write_run(self.folder, noisy_trials(truth, noise=0.001, fields=fields)))
        chart = Lines("Counting", x="jobs", panels="work", wrong="lost")
        words = drawing.describe(run, chart)
        self.assertRegex(words, r"plain: 10\.\d ms at 1, WRONG at 2\.")
        self.assertRegex(words, r"atomic: 10\.\d ms at 1, 20\.\d ms at 2\.")
        self.assertEqual(texts_in(run, chart).count("WRONG"), 1)
        self.assertIn("wrong answer", texts_in(run, chart))
        unmarked = Lines("Counting", x="jobs", panels="work")
        self.assertNotIn("WRONG", texts_in(run, unmarked))

    def test_a_filtered_run_is_drawn_from_what_there_is(self):
        for keep in ("work:io/jobs:8", "work:cpu", "event_loop/work:mixed", "blocking/"):
            folder = write_matrix(self.folder, jobs=(8, 64))
            names = [f"matrix/{model}/work:{work}/jobs:{n}" for model in MODELS
                     for work in ("io", "cpu", "mixed") for n in (8, 64)]
            write_run(folder, noisy_trials({name: 0.1 for name in names if keep in name}))
            run = load_run(folder)
            for chart in drawing.declared(run):
                self.assertTrue(drawing.svg_of(run, chart), keep)

    def test_a_run_without_numbers_has_no_chart_and_says_so(self):
        write_run(self.folder / "matrix", [[error_row("matrix/tbb/work:io", "broken")]] * 3)
        code, out, _ = self.run_verb("charts", self.folder)
        self.assertEqual(code, 0)
        self.assertIn("nothing to draw", out)

    def test_hard_names_are_drawn(self):
        names = ["matrix/$x^2_$/a:<b>&", "matrix/" + "long_" * 40 + "/a:1", "matrix/blocking/a:1"]
        folder = write_run(self.folder, noisy_trials({name: 0.1 for name in names}),
                           {"section": "elsewhere", "title": "$\\frac{"})
        run = load_run(folder)
        for chart in drawing.declared(run):
            xml.fromstring(drawing.svg_of(run, chart, narrow=True))


    def test_one_trial_far_beyond_the_rest_is_named_and_does_not_squeeze_the_others(self):
        names = [f"echo/{model}/clients:1" for model in ("blocking", "threads")]
        trials = noisy_trials({name: 0.01 for name in names})
        trials[3][1]["real_time"] = 150.0
        run = load_run(write_run(self.folder, trials, {"experiment": "echo"}))
        (chart,) = drawing.declared(run)
        (axes,) = drawing.figure_of(run, chart).axes
        self.assertLess(axes.get_xlim()[1], 0.03)
        texts = [text.get_text() for text in axes.texts] + [axes.get_xlabel()]
        self.assertIn("▸ 150 ms", " ".join(texts))
        self.assertIn("wall time, ms (▸ a trial beyond the axis)", texts)


class Titles(unittest.TestCase):
    """A title says what is seen: with other numbers it says something else."""

    def titles(self, change):
        for run in load_runs(ROOT / "results" / "reference-2-cores"):
            numbers = run.table.select_dtypes("number").columns.difference(
                ["trial", "units", *{name for series in run.series.values()
                                     for name, _ in series.parameters}])
            table = run.table.astype(dict.fromkeys(numbers, float))
            table[numbers] = change(table[numbers], run)
            other = dataclasses.replace(run, table=table)
            for before, after in zip(drawing.declared(run), drawing.declared(other)):
                if not isinstance(before, Lanes):  # whose numbers are the trace's, over its panels
                    yield run.experiment, before.title, after.title

    def test_every_title_comes_from_the_numbers(self):
        def grown(values, run):  # each series by a factor of its own
            places = run.table["series"].map({name: i for i, name in enumerate(run.series)})
            return values.apply(lambda column: column * 1.4 ** (
                (places * places + len(column.name)) % 11 + 1))
        for experiment, before, after in self.titles(grown):
            with self.subTest(experiment=experiment):
                self.assertNotEqual(before, after)

    def test_without_an_effect_no_title_speaks_of_a_gain(self):
        for experiment, _, after in self.titles(lambda values, run: values * 0 + 0.1):
            self.assertNotRegex(after, r"gains [1-9]|loses", experiment)


class Defaults(ChartsCase):
    def test_an_experiment_without_a_chart_py_gets_panels_of_nine(self):
        truth = {f"echo/{model}/clients:{n}": 0.01 * n for n in range(1, 13)
                 for model in ("blocking", "event_loop")}
        run = load_run(write_run(self.folder, noisy_trials(truth), {"experiment": "echo"}))
        charts = drawing.declared(run)
        self.assertEqual([len(chart.panel_titles) for chart in charts], [9, 3])
        self.assertIn("echo: ", charts[0].title)
        for chart in charts:
            self.assertTrue(drawing.svg_of(run, chart))

    def test_a_chart_py_that_breaks_is_one_line(self):
        run = load_run(write_matrix(self.folder / "run", jobs=(8,)))
        chart = self.folder / "1_2_io_cpu" / "matrix" / "chart.py"
        chart.parent.mkdir(parents=True)
        for code in ("def charts(run:", "def charts(run):\n  return 1 / 0", "x = 1"):
            chart.write_text(code)
            with self.assertRaisesRegex(Exception, "chart.py: charts: breaks .*; mend it"):
                drawing.declared(run, self.folder)

    def test_every_chart_py_has_at_most_40_lines_and_no_matplotlib(self):
        self.assertGreaterEqual(len(EXPERIMENT_CHARTS), 3)
        for path in EXPERIMENT_CHARTS:
            text = path.read_text()
            self.assertLessEqual(len(text.splitlines()), 40, path)
            self.assertNotIn("matplotlib", text)

    def test_every_kind_of_chart_is_a_declaration(self):
        machine = write_machine(self.folder)
        kinds = {type(chart) for experiment in ("matrix", "where_time_goes", "listing_1_1")
                 for chart in drawing.declared(load_run(machine / "1_2_io_cpu" / experiment))}
        self.assertEqual(kinds, {Dots, Lines, Shares})


STRANGERS = [f"stranger_{i}" for i in range(10)]
# How the red, green and blue of the light are seen: with all cones, and without the long, the
# middle or the short ones (Machado, Oliveira and Fernandes 2009, severity 1).
EYES = (
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
)


def distance(one, other, eye):
    """Return how far apart two colours (#rrggbb) look: CIE 1976, where about 2 is just visible."""
    return float(np.linalg.norm(_lab(one, eye) - _lab(other, eye)))


def _lab(colour, eye):
    channels = np.array([int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)])
    light = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.434, 0.376, 0.190], [0.213, 0.715, 0.072], [0.018, 0.109, 0.873]])
    seen = xyz @ np.clip(np.array(eye) @ light, 0, 1)
    x, y, z = np.where(seen > 0.008856, np.cbrt(seen), 7.787 * seen + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


class Details(unittest.TestCase):
    def test_one_colour_and_one_marker_per_model(self):
        styles = palette.styles_of([*VOCABULARY, *STRANGERS])
        self.assertEqual(len({colour for colour, _ in styles.values()}), len(styles))
        self.assertEqual(len({marker for _, marker in styles.values()}), len(styles))
        dashes = palette.dashes_of([*VOCABULARY, *STRANGERS])
        self.assertEqual(len({dashes[stranger] for stranger in STRANGERS}), len(STRANGERS))
        self.assertEqual({dashes[model] for model in VOCABULARY}, {()})

    def test_the_colours_of_one_chart_differ_for_the_colour_blind_too(self):
        for models, least in ((VOCABULARY, 12), (STRANGERS, 18)):
            colours = {model: colour for model, (colour, _) in palette.styles_of(models).items()}
            for one, other in itertools.combinations(models, 2):
                gap = min(distance(colours[one], colours[other], eye) for eye in EYES)
                self.assertGreater(gap, least, (one, other))

    def test_a_log_axis_only_where_decades_matter(self):
        self.assertFalse(scale_for([1.0, 15.0]).log)
        self.assertTrue(scale_for([0.01, 1.0]).log)

    def test_an_axis_of_bytes(self):
        self.assertEqual([quantities.text_in("B")(count, 1) for count in (100, 5e4)],
                         ["100 B", "50 kB"])
        scale = scale_for([100.0, 2e5], unit="B")
        self.assertTrue(scale.log)
        self.assertEqual(scale.ticks(0.2), [100, 1e3, 1e4, 1e5])

    def test_ticks_are_round_within_the_scale_and_apart(self):
        for times in ([0.0011, 0.9], [0.02, 1.4], [1.0, 3.0], [1e-8, 10], [0.3, 0.31]):
            for room in (0.05, 0.2, 0.4):
                scale = scale_for(times)
                places = [scale.place(tick) for tick in scale.ticks(room) if tick > 0]
                self.assertTrue(places)
                self.assertTrue(all(-0.01 <= place <= 1.01 for place in places), places)

    def test_no_label_of_a_bound_meets_another(self):
        bounds = [bound_labels.Bound(name, seconds, (0,)) for name, seconds in
                  (("longest wait", 0.01), ("waits / workers", 0.16), ("sum of waits", 0.32))]
        for width in (2.2, 3.0, 6.0):
            scale = scale_for([0.01, 0.4])
            placed = bound_labels.arranged(bounds, scale, width)
            for one in placed:
                for other in placed:
                    if one.text < other.text and one.level == other.level:
                        first, second = sorted((one, other), key=lambda label: label.left)
                        end = first.left + bound_labels.width_inches(first.text, 7.6)
                        self.assertLessEqual(end, second.left)

    def test_numbers_as_people_read_them(self):
        self.assertEqual([quantities.time_text(seconds) for seconds in
                          (2, 0.9996, 0.0241, 1.5e-6, 2.25e-7, 4e-10, 0)],
                         ["2.00 s", "1.00 s", "24.1 ms", "1.50 µs", "225 ns", "0.400 ns", "0 s"])
        self.assertEqual([quantities.change_text(ratio) for ratio in
                          (1.007, 0.993, 1.0, 2.5, 41.7, 0.2)],
                         ["+0.7 %", "−0.7 %", "0.0 %", "+150.0 %", "41.7x", "0.200x"])
        self.assertEqual([quantities.gain_text(gain) for gain in (1.94, 1.05, 0.96, 0.31)],
                         ["gains 1.94x", "gains nothing (1.05x)", "gains nothing (0.960x)",
                          "loses (0.310x)"])
        self.assertEqual(quantities.bytes_text(12_500_000), "12.5 MB")


if __name__ == "__main__":
    unittest.main()
