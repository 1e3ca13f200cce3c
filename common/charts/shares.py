"""Draw Shares: what each row's wall time consists of, as parts of 100 %."""

from dataclasses import dataclass

import numpy as np

from common.charts import statistics
from common.charts.declare import in_order
from common.charts.marks import draw_interval, draw_points
from common.charts.palette import COMPUTING, INK, PAPER, SOFT_INK, WAITING
from common.charts.quantities import digits_text, time_text
from common.charts.sheet import NARROW, Grid, new_sheet
from common.charts.text_measure import shortened, width_inches

FILLS = ((COMPUTING, PAPER), (WAITING, INK), ("#ddcc77", INK), ("#44aa99", INK))


@dataclass(frozen=True)
class Row:
    """One row: its title, its median wall time (seconds), and shares[part, trial] (sum 1)."""

    title: str
    seconds: float
    shares: np.ndarray


def rows_of(run, chart):
    """Return the Rows of a Shares declaration, in the declared order."""
    found = []
    for value in in_order(run.values(chart.rows), chart.row_titles):
        table = run.where(**{chart.rows: value})
        parts = np.array([np.maximum(table.eval(column), 0) for column in chart.parts.values()])
        kept = np.isfinite(parts).all(axis=0) & (parts.sum(axis=0) > 0)
        if kept.any():
            parts = parts[:, kept]
            found.append(Row(str(chart.row_titles.get(value, value)), table["seconds"].median(),
                             parts / parts.sum(axis=0)))
    return found


def share_text(share):
    """Return a share as a percentage that never rounds to a false 0 or 100."""
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    return f"{digits_text(share * 100, 3 if share > 0.9 else 2)} %"


def describe(run, chart):
    """Return the chart in words, for those who can't see it."""
    texts = [chart.title]
    for row in rows_of(run, chart):
        facts = [f"{part} {share_text(np.median(shares))}"
                 for part, shares in zip(chart.parts, row.shares)]
        texts.append(f"{row.title}: {', '.join(facts)} of {time_text(row.seconds)}.")
    return " ".join(texts)


def draw_shares(run, chart, words, width):
    """Return a Figure of `width` inches for a Shares declaration.

    Wide: the row titles stand at the left and the wall times at the right. Narrow: over each row.
    """
    rows = rows_of(run, chart)
    narrow = width <= NARROW
    names = [shortened(row.title, 9, 0.42 * width) for row in rows]
    left = 0.04 if narrow else max(width_inches(name, 9) for name in names) + 0.12
    grid = Grid(1, 1, len(rows) * (0.66 if narrow else 0.46), left, above=0.34, below=0.5,
                right=0.1 if narrow else 0.8)
    figure, (axes,) = new_sheet(width, words, grid)
    panel_width = grid.panel_width(width)
    for i, row in enumerate(rows):
        _draw_row(axes, i, row, list(chart.parts), panel_width)
        place = {"x": 0.0, "y": i - 0.42} if narrow else {"x": 1 + 0.1 / panel_width, "y": i}
        title = f"{row.title}: {time_text(row.seconds)}" if narrow else time_text(row.seconds)
        axes.text(**place, s=title, size=8.5, va="center")
    axes.set(xlim=(0, 1), ylim=(len(rows) - 0.45, -0.55), xlabel=f"{chart.axis}, %")
    axes.set_xticks(np.linspace(0, 1, 6), ["0", "20", "40", "60", "80", "100"])
    axes.set_yticks(range(len(rows)), [] if narrow else names, size=9)
    axes.spines["left"].set_visible(not narrow)
    _draw_key(axes, list(chart.parts), grid.height, panel_width, narrow)
    return figure


def _draw_row(axes, i, row, parts, panel_width):
    start = 0.0
    shares = [np.median(each) for each in row.shares]
    for part, share, (fill, ink) in zip(parts, shares, FILLS):
        share /= sum(shares)  # the medians of parts need not add up to exactly 1
        axes.barh(i, share, left=start, height=0.56, color=fill, edgecolor=SOFT_INK, linewidth=0.5)
        text = f"{part} {share_text(share)}"
        if width_inches(text, 8.5) + 0.2 <= share * panel_width:
            axes.text(start + 0.08 / panel_width, i, text, color=ink, size=8.5, va="center",
                      zorder=5)
        start += share
    first = row.shares[0]
    _, low, high = statistics.median_interval(first)
    draw_interval(axes, [low, high], [i + 0.36] * 2, 1.0)
    draw_points(axes, first, i + 0.36, i + 0.365, INK, 2.6, zorder=4)


def _draw_key(axes, parts, height, panel_width, narrow):
    """Name the fills over the panel, and the column of wall times at its right."""
    x, y = 0.0, 1 + (0.2 if narrow else 0.14) / height
    for part, (fill, _) in zip(parts, FILLS):
        axes.plot([x + 0.06 / panel_width], [y], "s", color=fill, markersize=7, clip_on=False,
                  markeredgecolor=SOFT_INK, markeredgewidth=0.5, transform=axes.transAxes)
        axes.text(x + 0.18 / panel_width, y, part, size=8.5, va="center",
                  transform=axes.transAxes)
        x += (width_inches(part, 8.5) + 0.4) / panel_width
    if not narrow:
        axes.text(1 + 0.1 / panel_width, y, "wall time", size=8.5, va="center", color=SOFT_INK,
                  transform=axes.transAxes)
