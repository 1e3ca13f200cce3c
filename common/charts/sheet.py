"""The page a chart is drawn on: title, a grid of panels and the small print, laid out in inches.

Everything is measured before it is drawn, so that no text ever meets another, and the same results
give the same bytes: own settings only, no dates, text as outlines of one font.
"""

import io
from dataclasses import dataclass

import matplotlib
from matplotlib.figure import Figure

from common.charts.palette import INK, PAPER, RULE, SOFT_INK, WARNING
from common.charts.svg_text import compact
from common.charts.text_measure import FONT, wrapped

WIDE, NARROW = 9.2, 4.0  # inches: a page's column, a phone
MARGIN = 0.14
_TITLE_POINTS, _TITLE_LINE = 12.5, 0.235
_FOOT_POINTS, _FOOT_LINE = 7.2, 0.135
_WARNING_LINE = 0.19

_SETTINGS = {
    "font.family": FONT,
    "font.size": 8.5,
    "path.simplify": False,
    "text.parse_math": False,  # recorded text may hold a dollar sign
    "text.color": INK,
    "axes.edgecolor": SOFT_INK,
    "axes.labelcolor": SOFT_INK,
    "axes.linewidth": 0.6,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "xtick.color": SOFT_INK,
    "ytick.color": INK,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "svg.fonttype": "path",
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
}


def settings(salt):
    """Return a context manager in which matplotlib has this package's settings and no others.

    salt: a text that makes the ids in an SVG; the same text gives the same ids.
    """
    defaults = {key: value for key, value in matplotlib.rcParamsDefault.items()
                if not key.startswith(("backend", "datapath"))}
    return matplotlib.rc_context({**defaults, **_SETTINGS, "svg.hashsalt": salt})


@dataclass(frozen=True)
class Words:
    """The texts around the panels: a title, warnings over it, paragraphs under the panels."""

    title: str
    warnings: tuple = ()
    foot: tuple = ()


@dataclass(frozen=True)
class Grid:
    """The panels, in inches: how many, in how many columns, and the room that each one needs.

    above and below hold a panel's title and its axis; left holds the row labels of a line of
    panels; under is room under all panels, for a legend.
    """

    panels: int
    columns: int
    height: float
    left: float
    above: float
    below: float
    right: float = 0.0
    gap: float = 0.24
    under: float = 0.0

    def panel_width(self, width):
        """Return the width of one panel on a sheet of `width` inches."""
        inner = width - 2 * MARGIN - self.left - self.right
        return (inner - self.gap * (self.columns - 1)) / self.columns

    @property
    def lines(self):
        """How many lines of panels there are."""
        return -(-self.panels // self.columns)

    @property
    def total_height(self):
        """The height of all panels with what belongs to them."""
        return self.lines * (self.above + self.height + self.below) + self.under


def new_sheet(width, words, grid):
    """Return (figure, list of axes): the texts are written, the panels empty."""
    inner = width - 2 * MARGIN
    title = [line for text in words.title.splitlines()
             for line in wrapped(text, _TITLE_POINTS, inner, "bold")]
    warnings = [line for text in words.warnings for line in wrapped(text, 8.5, inner, "bold")]
    foot = [line for text in words.foot for line in wrapped(text, _FOOT_POINTS, inner)]
    head = len(title) * _TITLE_LINE + len(warnings) * _WARNING_LINE + (0.06 if title else 0)
    below = len(foot) * _FOOT_LINE + (0.1 if foot else 0)
    height = MARGIN + head + grid.total_height + below + MARGIN
    figure = Figure(figsize=(width, height))
    top = _write(figure, warnings, height - MARGIN, _WARNING_LINE, size=8.5, weight="bold",
                 color=WARNING)
    _write(figure, title, top, _TITLE_LINE, size=_TITLE_POINTS, weight="bold")
    _write(figure, foot, MARGIN + len(foot) * _FOOT_LINE, _FOOT_LINE, size=_FOOT_POINTS,
           color=SOFT_INK)
    return figure, _panels(figure, width, height, height - MARGIN - head, grid)


def _write(figure, lines, top, step, **style):
    """Write lines from `top` inches downwards; return where the next would begin."""
    width, height = figure.get_size_inches()
    for line in lines:
        figure.text(MARGIN / width, (top - 0.04) / height, line, va="top", **style)
        top -= step
    return top


def _panels(figure, width, height, top, grid):
    panel_width = grid.panel_width(width)
    axes = []
    for i in range(grid.panels):
        line, column = divmod(i, grid.columns)
        left = MARGIN + grid.left + column * (panel_width + grid.gap)
        bottom = top - line * (grid.above + grid.height + grid.below) - grid.above - grid.height
        axes.append(figure.add_axes((left / width, bottom / height, panel_width / width,
                                     grid.height / height)))
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
        each.tick_params(length=0, pad=4)
    return axes


def as_svg(figure, title):
    """Return the figure as SVG bytes, with `title` for those who can't see it."""
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={**metadata, "Title": title})
    return compact(out.getvalue())


def as_png(figure):
    """Return the figure as PNG bytes, 160 dots an inch."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=160, metadata={"Software": None})
    return out.getvalue()
