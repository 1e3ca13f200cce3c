"""Timelines: what a trace says is what is drawn and told, the same bytes each time; a broken one is named."""

import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from charts_case import ChartsCase  # noqa: E402
from recorded_results import noisy_trials, row, write_run  # noqa: E402

from common.charts import drawing, lanes  # noqa: E402
from common.charts.declare import Lanes  # noqa: E402
from common.charts.errors import ResultsError  # noqa: E402
from common.charts.report import report_page  # noqa: E402
from common.charts.results import load_run  # noqa: E402
from common.charts.trace_file import read_trace  # noqa: E402

SERIES = {name: f"two_cakes/{name}/recipe:both/cakes:2" for name in ("serial", "parallel")}
CHART = Lanes("Who had the oven", {name: f"{title.capitalize()}, {{end}}" for title, name in SERIES.items()})


def named(kind, process, thread, name):
    return {"ph": "M", "name": kind, "pid": process, "tid": thread, "args": {"name": name}}


def part(state, begin_ms, end_ms, core=-1, process=1, thread=1, **fields):
    return {"ph": "X", "name": state, "cat": state, "pid": process, "tid": thread,
            "ts": begin_ms * 1e3, "dur": (end_ms - begin_ms) * 1e3, "args": {"core": core}, **fields}


EVENTS = [
    named("process_name", 1, 0, SERIES["serial"]), named("thread_name", 1, 1, "cake 1"),
    named("thread_name", 1, 2, "cake 2"),
    part("running", 0, 8, core=0), part("waiting", 8, 12), part("ready", 12, 13),
    part("running", 13, 20, core=0, thread=2, name="the second"),
    named("process_name", 2, 0, SERIES["parallel"]), named("thread_name", 2, 1, "cake 1"),
    part("running", 0, 6, core=3, process=2),
]


class Case(ChartsCase):
    def run_with(self, events=EVENTS, trials=None, **whole):
        folder = write_run(self.folder / "two_cakes",
                           trials or noisy_trials({name: 0.1 for name in SERIES.values()}),
                           {"experiment": "two_cakes", "section": "1_3_concurrency",
                            "baseline": "serial"})
        (folder / "two_cakes.trace.json").write_text(json.dumps({"traceEvents": events, **whole}))
        return load_run(folder)

    def trace(self, events):
        self.run_with(events)
        return read_trace(self.folder / "two_cakes" / "two_cakes.trace.json")


class Drawn(Case):
    def test_the_words_have_every_lane_and_state(self):
        said = lanes.describe(self.run_with(), CHART)
        self.assertIn("Serial, 20.0 ms: cake 1 8.0 ms running on core 0, 1.0 ms ready, "
                      "4.0 ms waiting; cake 2 7.0 ms running on core 0", said)
        self.assertIn("Parallel, 6.00 ms: cake 1 6.0 ms running on core 3", said)

    def test_the_same_trace_gives_the_same_bytes_whatever_the_order_of_its_events(self):
        first = drawing.svg_of(self.run_with(), CHART)
        self.assertEqual(first, drawing.svg_of(self.run_with(list(reversed(EVENTS))), CHART))
        self.assertLess(len(first), 200_000)
        self.assertEqual(drawing.png_of(self.run_with(), CHART), drawing.png_of(self.run_with(), CHART))

    def test_the_bound_is_of_the_trial_whose_timeline_is_drawn_the_shortest(self):
        bounds = (0.03, 0.01, 0.02)
        run = self.run_with(trials=[[row(name, 0.1, bound_s=bound, label="bound") for name in SERIES.values()]
                                    for bound in bounds])
        for seconds, bound in (((3, 1, 2), 0.01), ((2, 3, 1), 0.02), ((1, 1, 1), 0.03)):
            for trial, each in zip(run.description["trials"], seconds):
                trial["seconds"] = each
            self.assertEqual([drawn for _, drawn in lanes.panels_of(run, CHART).values()], [bound] * 2)
        run.description["trials"][1]["seconds"] = "short"
        with self.assertRaisesRegex(ResultsError, r"run\.json: trials\[1\]\.seconds"):
            lanes.panels_of(run, CHART)

    def test_phone_and_page_are_drawn(self):
        self.assertIn(b"<svg", drawing.svg_of(self.run_with(), CHART, narrow=True, bare=True))

    def test_thousands_of_slices_stay_a_small_picture(self):
        many = [part("running" if i % 2 else "ready", i / 50, (i + 1) / 50, core=i % 2 - 1)
                for i in range(20_000)]
        self.assertLess(len(drawing.svg_of(self.run_with(EVENTS[:2] + many), CHART)), 2_000_000)
        alike = [part("running", i / 50, (i + 1) / 50, core=0) for i in range(20_000)]
        self.assertLess(len(drawing.svg_of(self.run_with(EVENTS[:2] + alike), CHART)), 60_000)

    def test_until_cuts_what_is_later(self):
        chart = Lanes("Begin", {SERIES["serial"]: "Serial, {end}"}, until_s=0.010)
        self.assertIn("Serial, 10.0 ms: cake 1 8.0 ms running on core 0, 0 s ready, 2.0 ms waiting",
                      lanes.describe(self.run_with(), chart))

    def test_without_a_trace_or_the_series_there_is_no_chart(self):
        run = self.run_with()
        self.assertTrue(drawing._has_numbers(run, CHART))
        self.assertFalse(drawing._has_numbers(run, Lanes("x", {"two_cakes/other/a:1": "Other"})))
        (run.folder / "two_cakes.trace.json").unlink()
        self.assertFalse(drawing._has_numbers(run, CHART))

    def test_the_report_shows_it(self):
        self.run_with([event for event in EVENTS if event["name"] != "second"])
        page = report_page([self.folder / "two_cakes"], 0.02)
        self.assertIn("Real time stamps of the shortest trial", page)

    def test_a_name_that_would_break_the_page_is_escaped(self):
        events = [*EVENTS[:1], named("thread_name", 1, 1, "</script><b>$x$\n"),
                  part("running", 0, 8, core=0)]
        svg = drawing.svg_of(self.run_with(events), CHART)
        self.assertNotIn(b"</script>", svg)


class Broken(Case):
    def assert_broken(self, events, *words):
        with self.assertRaises(ResultsError) as caught:
            self.trace(events)
        for word in ("two_cakes.trace.json", *words):
            self.assertIn(word, str(caught.exception))
        self.assertEqual(str(caught.exception).count("\n"), 0)

    def test_what_can_not_be_trusted_is_named(self):
        for events, word in (
            ({}, "traceEvents"), (["x"], "traceEvents[0]"), ([{}], "ph"),
            ([{"ph": "X", "pid": 1}], "tid"),
            ([part("sleeping", 0, 1)], "sleeping"),
            ([part("running", -1, 1)], "ts"), ([part("running", 2, 1)], "ts"),
            ([part("running", 0, 1, ts="soon")], "ts"),
            ([part("running", 0, float("nan"))], "dur"),
            ([part("running", 0, 1, args={})], "core"),
            ([named("thread_name", 1, 1, 7)], "name"),
        ):  # fmt: skip
            with self.subTest(events=events):
                self.assert_broken(events, word)

    def test_half_a_file_is_named(self):
        path = self.run_with().folder / "two_cakes.trace.json"
        path.write_text(path.read_text()[:100])
        with self.assertRaisesRegex(ResultsError, "truncated"):
            read_trace(path)

    def test_slices_of_a_lane_without_a_name_are_left_out(self):
        self.assertEqual(self.trace([part("running", 0, 1)]), {})


if __name__ == "__main__":
    unittest.main()
