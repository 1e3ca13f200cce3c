"""Draw Dots: a row per model, a panel per value, every trial's point, median and interval."""

import math
from dataclasses import dataclass

import numpy as np

from common.charts import statistics
from common.charts.baseline import bound_in
from common.charts.bound_labels import LEVEL_INCHES, arranged, bounds_of, draw_bounds
from common.charts.declare import in_order
from common.charts.marks import draw_interval, draw_points
from common.charts.palette import INK, PAPER, scale_of, styles_of
from common.charts.quantities import time_text
from common.charts.series import model_rank
from common.charts.sheet import NARROW, Grid, new_sheet
from common.charts.text_measure import shortened, width_inches
from common.charts.time_scale import scale_for

_ROW = 0.285  # inches
_LABEL_POINTS, _VALUE_POINTS = 9, 8
FAR, _BEYOND = 1.5, "▸"


@dataclass(frozen=True)
class Row:
    """One model in one panel: the seconds of its trials, its bound (NaN without one), and the rows
    of the run's table that it was made from."""

    values: np.ndarray
    bound: str
    bound_s: float
    table: object

    @property
    def summary(self):
        """(median, low, high) in seconds."""
        return statistics.median_interval(self.values)


def panels_of(run, chart):
    """Return (models, {panel title: [Row or None per model]}) for a Dots declaration."""
    table = run.where(**chart.where)
    table = table[table[chart.value].notna()]
    models = sorted(set(table["model"]), key=model_rank)
    panels = {}
    present = [value for value in run.values(chart.panels) if value in set(table[chart.panels])]
    for value in in_order(present, chart.panel_titles, chart.only_titled):
        rows = table[table[chart.panels] == value]
        title = str(chart.panel_titles.get(value, f"{chart.panels} {value}"))
        panels[title] = [_row(rows[rows["model"] == model], chart.value) for model in models]
    return models, panels


def _row(rows, column):
    if rows.empty:
        return None
    return Row(rows[column].to_numpy(), *bound_in(rows), rows)


def describe(run, chart):
    """Return the chart in words, for those who can't see it."""
    models, panels = panels_of(run, chart)
    texts = []
    for title, rows in panels.items():
        facts = [f"{model} {time_text(row.summary[0])}" for model, row in zip(models, rows) if row]
        facts += [f"bound: {bound.text}" for bound in bounds_of(rows)]
        texts.append(f"{title}: {', '.join(facts)}.")
    return " ".join([chart.title, *texts])


def draw_dots(run, chart, words, width):
    """Return a Figure of `width` inches for a Dots declaration."""
    models, panels = panels_of(run, chart)
    names = [shortened(model, _LABEL_POINTS, 0.42 * width) for model in models]
    left = max(width_inches(name, _LABEL_POINTS) for name in names) + 0.12
    columns = 1 if width <= NARROW else min(3, len(panels))
    sketch = Grid(len(panels), columns, len(models) * _ROW, left, 0, 0)
    panel_width = sketch.panel_width(width)
    scales = [_scale(rows, panel_width) for rows in panels.values()]
    bounds = [bounds_of(rows) for rows in panels.values()]
    labels = [arranged(each, scale, panel_width) for each, scale in zip(bounds, scales)]
    levels = max((label.level + 1 for each in labels for label in each), default=0)
    grid = Grid(len(panels), columns, len(models) * _ROW, left,
                above=0.34 + levels * LEVEL_INCHES, below=0.5, right=0.04)
    figure, axes = new_sheet(width, words, grid)
    for i, (title, rows) in enumerate(panels.items()):
        axes[i].set_yticks(range(len(models)), names if i % columns == 0 else [])
        axes[i].tick_params(axis="y", labelsize=_LABEL_POINTS)
        _draw_panel(axes[i], rows, models, scales[i], chart.axis, panel_width)
        draw_bounds(axes[i], bounds[i], labels[i], grid.height)
        over = (0.1 + levels * LEVEL_INCHES) / grid.height
        axes[i].text(0, 1 + over, shortened(title, 9.5, panel_width, "bold"), size=9.5,
                     weight="bold", va="bottom", transform=axes[i].transAxes)
    return figure


def _scale(rows, panel_width):
    """Return the TimeScale of a panel. On a linear one, a trial far beyond all the rest does not
    squeeze the picture: it is off the axis, and named in its row's label.
    """
    rows = [row for row in rows if row]
    told = [time for row in rows for time in
            (row.summary[0], row.bound_s, *np.sort(row.values)[:-1]) if time == time]
    cap = FAR * max(told)
    times = told + [time for row in rows for time in row.values]
    scale = scale_for([time for time in times if time <= cap],
                      [_reach(row, cap, panel_width) for row in rows])
    if not scale.log:
        return scale
    return scale_for(times, [_reach(row, math.inf, panel_width) for row in rows])


def _reach(row, cap, panel_width):
    """Return (where the row's label starts, which share of the panel it takes)."""
    start = row.values[row.values <= cap].max(initial=row.summary[0])
    return start, (width_inches(_label(row, cap), _VALUE_POINTS) + 0.14) / panel_width


def _label(row, end):
    """Return the median as text, with the longest trial if that lies beyond `end` seconds."""
    longest = row.values.max()
    beyond = f" {_BEYOND} {time_text(longest)}" if longest > end else ""
    return time_text(row.summary[0]) + beyond


def _draw_panel(axes, rows, models, scale, label, panel_width):
    beyond = any(row and row.values.max() > scale.high for row in rows)
    note = f" ({_BEYOND} a trial beyond the axis)" if beyond else ""
    scale.put_on(axes.xaxis, 0.56 / panel_width, label, note)
    axes.set(xlim=(scale.low, scale.high), ylim=(len(models) - 0.4, -0.6))
    axes.grid(axis="x")
    styles = styles_of(models)
    for i, (model, row) in enumerate(zip(models, rows)):
        if row:
            _draw_row(axes, i, row, styles[model], scale)


def _draw_row(axes, i, row, style, scale):
    colour, marker = style
    median, low, high = row.summary
    if not scale.log:  # a bar's length means something only from zero
        axes.barh(i, median, height=0.62, color=colour, alpha=0.28, linewidth=0)
    places = i + np.linspace(-0.26, 0.26, len(row.values))
    seen = row.values <= scale.high
    draw_points(axes, row.values[seen], places[seen], places[seen] + 0.005, colour, 2.2)
    draw_interval(axes, [low, min(high, scale.high)], [i, i], 1.6)
    axes.plot([median], [i], marker=marker, color=colour, markersize=6.2 * scale_of(marker),
              markeredgecolor=INK, markeredgewidth=0.6, zorder=4)
    start = row.values[row.values <= scale.high].max(initial=median)
    axes.annotate(_label(row, scale.high), (start, i), xytext=(6, 0), va="center",
                  textcoords="offset points", size=_VALUE_POINTS, zorder=5,
                  bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 0.6})
