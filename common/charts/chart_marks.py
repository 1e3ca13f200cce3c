"""What a chart shows, as plain marks: what is interactive and the table under it are made of them.

The declaration is the same that the SVG is drawn from, and so are the panels and the statistics.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from common.charts import dots, lanes, lines, shares, statistics
from common.charts.baseline import bound_in
from common.charts.costs import cost_texts
from common.charts.declare import Dots, Lanes, Shares
from common.charts.quantities import interval_text, text_in, time_text
from common.charts.series import model_rank
from common.charts.trace_file import STATES


@dataclass(frozen=True)
class Mark:
    """A model (or, in Shares, a part) at one place of a panel.

    x: the value of the axis parameter of Lines, else None. trials: one value each. low and high:
    the 95 % interval of the median, NaN without one. costs: heading -> text.
    """

    panel: str
    model: str
    x: object
    trials: np.ndarray
    median: float
    low: float
    high: float
    bound: str
    bound_s: float
    text: object  # how to write a value
    costs: dict = field(default_factory=dict)
    wrong: bool = False  # the answer was: then no number of it counts

    @property
    def said(self):
        """The median as text; WRONG instead of the time of a wrong answer."""
        return "WRONG" if self.wrong else self.text(self.median)

    @property
    def interval(self):
        """The interval as text, or a dash."""
        return "–" if self.wrong else interval_text(self.low, self.high, self.text)

    @property
    def bound_text(self):
        """The bound's name and time, or a dash."""
        known = self.bound_s == self.bound_s
        return f"{self.bound or 'bound'} {time_text(self.bound_s)}" if known else "–"


def marks_of(run, chart):
    """Return the Marks of a declared chart, panel by panel, in the order they are drawn."""
    if isinstance(chart, Dots):
        return _dots(run, chart)
    return _shares(run, chart) if isinstance(chart, Shares) else _lines(run, chart)


def _dots(run, chart):
    models, panels = dots.panels_of(run, chart)
    return [Mark(title, model, None, row.values, *row.summary, row.bound, row.bound_s, time_text,
                 cost_texts(row.table))
            for title, rows in panels.items() for model, row in zip(models, rows) if row]


def _lines(run, chart):
    _, panels = lines.panels_of(run, chart)
    found = []
    for title, table in panels.items():
        groups = sorted(table.groupby(["model", chart.x]),
                        key=lambda group: (model_rank(group[0][0]), group[0][1]))
        for (model, x), rows in groups:
            values = rows[chart.value].to_numpy()
            bound = bound_in(rows) if chart.unit == "s" else ("", math.nan)
            found.append(Mark(title, model, x, values, *statistics.median_interval(values),
                              *bound, text_in(chart.unit), cost_texts(rows),
                              lines.is_wrong(rows, chart)))
    return found


def _shares(run, chart):
    """A panel per row: its parts, which add up to 1 as they are drawn."""
    found = []
    for row in shares.rows_of(run, chart):
        for part, values in zip(chart.parts, row.shares):
            found.append(Mark(row.title, part, None, values, *statistics.median_interval(values),
                              "", np.nan, shares.share_text, {"wall time": time_text(row.seconds)}))
    return found


def number_table(run, chart):
    """Return (caption, header, rows of texts, columns of words): every number of the chart."""
    if isinstance(chart, Lanes):
        return _lane_table(run, chart)
    marks = marks_of(run, chart)
    x = [chart.x] if any(mark.x is not None for mark in marks) else []
    bound = ["bound"] if any(mark.bound_s == mark.bound_s for mark in marks) else []
    first = chart.rows if isinstance(chart, Shares) else "panel"
    header = [first, "part" if isinstance(chart, Shares) else "model", *x, "median",
              "95 % interval", "trials", *bound]
    rows = [[mark.panel, mark.model, *([f"{mark.x:g}"] if x else []), mark.said,
             mark.interval, str(len(mark.trials)), *([mark.bound_text] if bound else [])]
            for mark in marks]
    words = (0, 1, len(header) - 1) if bound else (0, 1)
    return f"The numbers of this chart: {chart.axis}", header, rows, words


def _lane_table(run, chart):
    header = ["panel", "lane", *STATES, "ends after", "slices"]
    rows = []
    for title, (found, _) in lanes.panels_of(run, chart).items():
        for lane, slices in found.items():
            spent = [sum(each.end - each.begin for each in slices if each.state == state)
                     for state in STATES]
            end = max((each.end for each in slices), default=0.0)
            rows.append([title, lane, *map(time_text, [*spent, end]), str(len(slices))])
    return f"The numbers of this chart: {chart.axis}", header, rows, (0, 1)
