"""What a chart.py says: the kinds of charts, and the facts that its title is computed from.

An experiment's chart.py has one function, `charts(run)`, which returns a list of Dots, Lines,
Shares or Lanes. It never touches matplotlib: it says which columns go on which axes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from common.charts import statistics
from common.charts.series import model_rank


@dataclass(frozen=True)
class Dots:
    """A row per model, a panel per value of the column `panels`: which model takes how long?

    where: fixed parameters. panel_titles: value -> text, in the order of the panels; values not in
    it come after, or not at all if only_titled. value: a column in seconds.
    """

    title: str
    panels: str
    where: Mapping = field(default_factory=dict)
    panel_titles: Mapping = field(default_factory=dict)
    value: str = "seconds"
    axis: str = "wall time"
    only_titled: bool = False


@dataclass(frozen=True)
class Lines:
    """A line per model over the numeric parameter `x`, a panel per value of `panels`.

    wrong: a column that is above 0 where the answer was wrong. Such a point is crossed out, and no
    line leads to it: a wrong answer has no speed.
    unit: "s", or "B" for a value in bytes, to which no bound in seconds is drawn.
    """

    title: str
    x: str
    panels: str
    where: Mapping = field(default_factory=dict)
    panel_titles: Mapping = field(default_factory=dict)
    value: str = "seconds"
    axis: str = "wall time"
    wrong: str = ""
    unit: str = "s"


@dataclass(frozen=True)
class Shares:
    """A row per value of the parameter `rows`, each divided into `parts` that make 100 %.

    parts: label -> column, or an expression of columns (`seconds - cpu_s`); what comes out below 0
    counts as 0. row_titles: value -> text, in the order of the rows; values not in it come after.
    """

    title: str
    rows: str
    parts: Mapping
    row_titles: Mapping = field(default_factory=dict)
    axis: str = "share of the wall time"


@dataclass(frozen=True)
class Lanes:
    """Who ran when, on which core, and who waited: the timeline of one trial, a lane for each task.

    panels: series name -> text, from top to bottom, where {end} stands for the time at which the
    last lane ends; series that the timeline hasn't are left out.
    All panels share one axis, so that what ends sooner is seen to. until_s: where that ends, for a
    timeline of which the beginning says it all.
    """

    title: str
    panels: Mapping
    until_s: float = float("inf")
    axis: str = "time since the start"


def in_order(present, titles, only_titled=False):
    """Return the values to draw: those that have titles first, in the titles' order."""
    first = [value for value in titles if value in present]
    return first if only_titled else first + [value for value in present if value not in first]


def median(run, column="seconds", **where):
    """Return the median over the trials of a column (or expression), or None without numbers."""
    values = _numbers(run, column, where)
    return None if values.empty else float(values.median())


def largest(run, column, **where):
    """Return the largest over the trials of a column (or expression), or None without numbers."""
    values = _numbers(run, column, where)
    return None if values.empty else float(values.max())


def _numbers(run, column, where):
    rows = run.where(**where)
    if rows.empty:
        return rows["seconds"]
    return rows.eval(column).dropna() if column not in rows else rows[column].dropna()


def speedup(run, model, **where):
    """Return the baseline's time over the model's (the verdicts' estimate), or None."""
    base = run.where(model=run.baseline, **where)["seconds"]
    new = run.where(model=model, **where)["seconds"]
    if base.empty or new.empty:
        return None
    return 1 / statistics.ratio_interval(base.to_numpy(), new.to_numpy())[0]


def fastest(run, **where):
    """Return the model with the smallest median time, or None."""
    medians = run.where(**where).groupby("model")["seconds"].median()
    if medians.empty:
        return None
    return min(medians.index, key=lambda model: (medians[model], model_rank(model)))
