"""The analytic bound in a panel: a red line with its name over the panel."""

import itertools
from collections import Counter
from dataclasses import dataclass

from common.charts.palette import BOUND
from common.charts.quantities import time_text
from common.charts.text_measure import width_inches

POINTS, LEVEL_INCHES = 7.6, 0.15


_SAME = 1.03  # bounds of one name that differ by less are one line


@dataclass(frozen=True)
class Bound:
    """A bound: its label, its seconds and the rows (numbers from the top) that it holds for."""

    label: str
    seconds: float
    rows: tuple

    @property
    def text(self):
        """What is written in the chart, e.g. "longest wait 20.0 ms"."""
        return f"{self.label} {time_text(self.seconds)}"


@dataclass(frozen=True)
class Placed:
    """A label over a panel: its text, where it starts (inches from the panel's left), its level
    (0 lowest) and the seconds of its line; None for a name that each row has its own value for."""

    text: str
    left: float
    level: int
    seconds: float


def bounds_of(rows):
    """Return the Bounds of a panel's rows (None for a row without numbers), smallest first."""
    bounded = [(row.bound or "bound", row.bound_s, i) for i, row in enumerate(rows)
               if row is not None and row.bound_s == row.bound_s]
    found = []
    for label, seconds, i in sorted(bounded):
        if found and found[-1].label == label and seconds <= found[-1].seconds * _SAME:
            found[-1] = Bound(label, found[-1].seconds, (*found[-1].rows, i))
        else:
            found.append(Bound(label, seconds, (i,)))
    return sorted(found, key=lambda bound: bound.seconds)


def arranged(bounds, scale, panel_width):
    """Return the Placed labels of a panel's Bounds, so that no label or line crosses a label.

    A name with one value gets a line through the panel; one with several is named once, and only
    marked on its rows.
    """
    counts = Counter(bound.label for bound in bounds)
    alone = [bound for bound in bounds if counts[bound.label] == 1]
    several = [f"{label}, by row" for label, count in counts.items() if count > 1]
    texts = several + [bound.text for bound in alone]
    seconds = [None] * len(several) + [bound.seconds for bound in alone]
    widths = [width_inches(text, POINTS) + 0.1 for text in texts]
    lines = [-1.0 if each is None else scale.place(each) * panel_width for each in seconds]
    # A label starts at its line or ends at it, within the panel.
    starts = [(max(0.0, min(x - 0.02, panel_width - width)), max(0.0, x + 0.06 - width))
              for x, width in zip(lines, widths)]
    lefts, levels = _best_places(lines, starts, widths)
    return [Placed(*each) for each in zip(texts, lefts, levels, seconds)]


def _best_places(lines, starts, widths):
    """Return (lefts, levels) with the fewest crossings, then the fewest levels."""
    count = len(lines)
    if count > 4:  # too many to try all ways: each on a level of its own
        return [left for left, _ in starts], list(range(count))
    choices = itertools.product(itertools.product(*starts),
                                itertools.product(range(count), repeat=count))
    return min(choices, key=lambda choice: (
        _crossings(choice[1], lines, choice[0], widths), max(choice[1], default=0),
        sum(choice[1]), sum(left < first for left, (first, _) in zip(choice[0], starts)), choice))


def _crossings(levels, lines, lefts, widths):
    """Count labels over labels, and lines (which reach up to their own label) through labels."""
    count = 0
    for i, j in itertools.permutations(range(len(levels)), 2):
        apart = lefts[i] + widths[i] <= lefts[j] or lefts[j] + widths[j] <= lefts[i]
        count += levels[i] == levels[j] and not apart
        through = lefts[i] < lines[j] < lefts[i] + widths[i]
        count += levels[j] > levels[i] and through
    return count


def draw_bounds(axes, bounds, labels, height):
    """Draw the Bounds on their rows of a panel `height` inches high, and the Placed labels."""
    for bound in bounds:
        for row in bound.rows:
            axes.plot([bound.seconds] * 2, [row - 0.42, row + 0.42], color=BOUND, linewidth=1.8,
                      solid_capstyle="butt", zorder=1.6)
    for label in labels:
        top = 1 + (0.05 + label.level * LEVEL_INCHES) / height
        if label.seconds is not None:
            axes.plot([label.seconds] * 2, [0, top], color=BOUND, linewidth=0.7, dashes=(4, 2.5),
                      transform=axes.get_xaxis_transform(), clip_on=False, zorder=1.5, alpha=0.75)
        width = axes.get_window_extent().width / axes.figure.dpi
        axes.text(label.left / width, top, label.text, transform=axes.transAxes, color=BOUND,
                  size=POINTS, va="bottom", clip_on=False)
