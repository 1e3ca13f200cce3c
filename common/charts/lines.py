"""Draw Lines: how the time of each model grows with a parameter."""

import math
from dataclasses import replace

from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from common.charts import statistics
from common.charts.declare import in_order
from common.charts.marks import draw_interval, draw_points
from common.charts.palette import (
    BOUND, INK, PAPER, WARNING, dashes_of, scale_of, styles_of,
)  # fmt: skip
from common.charts.quantities import text_in, time_text
from common.charts.series import model_rank
from common.charts.sheet import MARGIN, NARROW, Grid, new_sheet
from common.charts.text_measure import shortened, width_inches, wrapped
from common.charts.time_scale import scale_for

_HEIGHT, _KEY_POINTS, _KEY_LINE = 2.5, 8.5, 0.2
_BOUND_POINTS, _BOUND_LINE = 7.6, 0.15
_BOUND_KEY, _WRONG_KEY = "analytic bound", "wrong answer"


def panels_of(run, chart):
    """Return (models, {panel title: rows of the table}) for a Lines declaration."""
    table = run.where(**chart.where)
    table = table[table[chart.value].notna() & table[chart.x].notna()]
    table = table.assign(**{chart.x: table[chart.x].astype(float)})
    if chart.unit != "s":
        table = table.assign(bound="", bound_s=math.nan)
    present = [value for value in run.values(chart.panels) if value in set(table[chart.panels])]
    values = in_order(present, chart.panel_titles)
    panels = {str(chart.panel_titles.get(value, f"{chart.panels} {value}")):
              table[table[chart.panels] == value] for value in values}
    return sorted(set(table["model"]), key=model_rank), panels


def describe(run, chart):
    """Return the chart in words, for those who can't see it."""
    models, panels = panels_of(run, chart)
    texts = [chart.title]
    for title, table in panels.items():
        for model in models:
            groups = list(table[table["model"] == model].groupby(chart.x))
            steps = [f"{_said(group, chart)} at {x:.7g}" for x, group in groups]
            if steps:
                texts.append(f"{title}, {model}: {', '.join(steps)}.")
    return " ".join(texts)


def is_wrong(rows, chart):
    """Return whether the answer was wrong in any of the rows (trials) of a Lines declaration."""
    return bool(chart.wrong) and bool((rows[chart.wrong] > 0).any())


def _said(group, chart):
    return "WRONG" if is_wrong(group, chart) else text_in(chart.unit)(group[chart.value].median())


def draw_lines(run, chart, words, width):
    """Return a Figure of `width` inches for a Lines declaration."""
    models, panels = panels_of(run, chart)
    columns = 1 if width <= NARROW else min(3, len(panels))
    scale = scale_for([value for table in panels.values() for value in
                       [*table[chart.value], *table["bound_s"].dropna()]], unit=chart.unit)
    # With one panel there is room at its right to name each line where it ends.
    direct = len(panels) == 1 and width > NARROW
    extra = _extra_keys(panels.values(), chart)
    key = _key_lines(extra if direct else [*models, *extra], width)
    ends = max((width_inches(model, _KEY_POINTS) for model in models), default=0) + 0.24
    grid = Grid(len(panels), columns, _HEIGHT, left=0.62, above=0.32, below=0.5, gap=0.2,
                right=ends if direct else 0.06, under=0.12 + len(key) * _KEY_LINE if key[0] else 0)
    bounds = [wrapped(bound_names(table), _BOUND_POINTS, grid.panel_width(width))
              for table in panels.values()]
    over = max(len(lines) if lines[0] else 0 for lines in bounds)
    grid = replace(grid, above=0.32 + over * _BOUND_LINE)
    figure, axes = new_sheet(width, words, grid)
    for i, (title, table) in enumerate(panels.items()):
        _draw_panel(axes[i], table, models, chart)
        scale.put_on(axes[i].yaxis, 0.2 / _HEIGHT, chart.axis)
        axes[i].set_ylim(scale.low, scale.high)
        if i % columns:
            axes[i].yaxis.set_label_text("")
            axes[i].tick_params(axis="y", labelleft=False)
        heading = shortened(title, 9.5, grid.panel_width(width), "bold")
        axes[i].text(0, 1 + (0.06 + over * _BOUND_LINE) / _HEIGHT, heading, size=9.5, weight="bold",
                     va="bottom", transform=axes[i].transAxes)
        axes[i].text(0, 1 + 0.05 / _HEIGHT, "\n".join(bounds[i]), size=_BOUND_POINTS, color=BOUND,
                     va="bottom", transform=axes[i].transAxes)
        if direct:
            _name_ends(axes[i], table, chart, models, scale, grid.panel_width(width))
    _draw_key(figure, key, _key_marks(models))
    return figure


def bound_names(table):
    """Return the names of a panel's bounds as one text, each with its time if it has only one."""
    known = table.dropna(subset=["bound_s"])
    texts = []
    for name, rows in known.groupby("bound", sort=False):
        low, high = rows["bound_s"].min(), rows["bound_s"].max()
        texts.append(f"{name} {time_text(low)}" if high <= 1.03 * low else str(name))
    return ("bound: " if len(texts) == 1 else "bounds: ") + ", ".join(texts) if texts else ""


def _name_ends(axes, table, chart, models, scale, width):
    """Write each model's name beside its last point; where two would meet, one moves."""
    ends = []
    for model in models:
        rows = table[table["model"] == model]
        last = rows[rows[chart.x] == rows[chart.x].max()]
        ends.append((scale.place(last[chart.value].median()), model))
    gap, places = 0.15 / _HEIGHT, []
    for place, _ in sorted(ends):
        places.append(max(place, places[-1] + gap) if places else place)
    spare, styles = 1 - places[-1], styles_of(models)
    for (_, model), place in zip(sorted(ends), places):
        y, (colour, marker) = place + min(0, spare), styles[model]
        axes.plot([1 + 0.1 / width], [y], marker=marker, color=colour, markeredgecolor=INK,
                  markeredgewidth=0.5, markersize=5 * scale_of(marker), clip_on=False,
                  transform=axes.transAxes)
        axes.text(1 + 0.2 / width, y, model, size=_KEY_POINTS, va="center",
                  transform=axes.transAxes)


def _draw_panel(axes, table, models, chart):
    counts = sorted(set(table[chart.x]))
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(counts))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:.7g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    span = max((counts[-1] / counts[0]) ** 0.12, 1.05)  # there may be one count only
    axes.set(xlim=(counts[0] / span, counts[-1] * span), xlabel=f"{chart.x} (log scale)")
    axes.grid(axis="both")
    for (_, _), bound in table.dropna(subset=["bound_s"]).groupby(["bound", "model"]):
        line = bound.groupby(chart.x)["bound_s"].median()
        axes.plot(line.index, line, color=BOUND, linewidth=0.8, dashes=(4, 2.5), zorder=1.5)
    styles, dashes = styles_of(models), dashes_of(models)
    for place, model in enumerate(models):
        # Side by side, not one over the other: a hundredth of a decade apart.
        dodge = span ** (0.5 * ((place + 0.5) / len(models) - 0.5))
        look = (*styles[model], dashes[model])
        _draw_model(axes, table[table["model"] == model], chart, look, dodge)


def _draw_model(axes, table, chart, look, dodge):
    colour, marker, dashes = look
    places, medians = [], []
    for x, group in table.groupby(chart.x):
        median, low, high = statistics.median_interval(group[chart.value])
        places.append(x * dodge)
        medians.append(math.nan if is_wrong(group, chart) else median)
        if is_wrong(group, chart):
            _cross_out(axes, x * dodge, median, colour, marker)
            continue
        draw_points(axes, group[chart.x] * dodge, group[chart.value],
                    group[chart.value] * 1.002, colour, 1.6)
        draw_interval(axes, [x * dodge] * 2, [low, high], 1.2)
    axes.plot(places, medians, marker=marker, color=colour, linewidth=1.1, zorder=4,
              dashes=dashes, markersize=5.2 * scale_of(marker), markeredgecolor=INK,
              markeredgewidth=0.5)


def _cross_out(axes, x, y, colour, marker):
    """Draw a wrong answer as what it is: an empty marker, crossed out, joined to nothing."""
    axes.plot([x], [y], marker=marker, markersize=6.5, color=PAPER, markeredgecolor=colour,
              markeredgewidth=1, zorder=4)
    axes.plot([x], [y], "x", markersize=13, color=WARNING, markeredgewidth=2.2, zorder=5)
    axes.annotate("WRONG", (x, y), xytext=(0, 9), textcoords="offset points", ha="center",
                  size=_KEY_POINTS, weight="bold", color=WARNING, zorder=5)


def _extra_keys(tables, chart):
    bounded = any(table["bound_s"].notna().any() for table in tables)
    wrong = chart.wrong and any((table[chart.wrong] > 0).any() for table in tables)
    return [_BOUND_KEY] * bounded + [_WRONG_KEY] * bool(wrong)


def _key_marks(models):
    """Return name -> what Line2D draws for it in the key: the line's and the marker's settings."""
    styles, dashes = styles_of(models), dashes_of(models)
    edge = {"markeredgecolor": INK, "markeredgewidth": 0.5}
    marks = {model: ({"color": colour, "dashes": dashes[model]},
                     {"color": colour, "marker": marker, "markersize": 5.5 * scale_of(marker),
                      **edge})
             for model, (colour, marker) in styles.items()}
    cross = {"color": WARNING, "marker": "x", "markersize": 8, "markeredgewidth": 2}
    return {**marks, _BOUND_KEY: ({"color": BOUND, "dashes": (4, 2.5)}, None),
            _WRONG_KEY: (None, cross)}


def _key_lines(names, width):
    """Return the names in lines that fit the width: (name, as it is written, left inches)."""
    lines, x = [[]], MARGIN
    for whole in names:
        name = shortened(whole, _KEY_POINTS, width / 2)
        room = width_inches(name, _KEY_POINTS) + 0.5
        if lines[-1] and x + room > width - MARGIN:
            lines.append([])
            x = MARGIN
        lines[-1].append((whole, name, x))
        x += room
    return lines


def _draw_key(figure, key, marks):
    width, height = figure.get_size_inches()
    lowest = min(axes.get_position().y0 for axes in figure.axes) * height
    for i, line in enumerate(key):
        y = (lowest - 0.62 - i * _KEY_LINE) / height
        for whole, name, x in line:
            stroke, mark = marks[whole]
            if stroke:
                figure.add_artist(Line2D([x / width, (x + 0.24) / width], [y, y], linewidth=1.1,
                                         **stroke))
            if mark:
                figure.add_artist(Line2D([(x + 0.12) / width], [y], **mark))
            figure.text((x + 0.3) / width, y, name, size=_KEY_POINTS, va="center_baseline")
