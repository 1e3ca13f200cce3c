"""A figure: what was promised, what the rounds came to, and whether that reaches it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from common.charts import statistics

REACHED, SHORT, OPEN = "reached", "FALLS SHORT", "inconclusive"


@dataclass(frozen=True)
class Figure:
    """The median of a ratio over the rounds, with its 95 % interval, beside a bound."""

    what: str
    ratios: tuple
    at_least: float | None = None
    at_most: float | None = None
    unit: str = "x"

    def interval(self) -> tuple[float, float, float]:
        return statistics.median_interval(self.ratios)

    def verdict(self) -> str:
        """Reached: the median is. Falls short: the whole interval does. Without an interval (fewer than 6 rounds) it
        never falls short: luck can't be told from the rest."""
        median, low, high = self.interval()
        if self.at_least is not None:
            return REACHED if median >= self.at_least else SHORT if high < self.at_least else OPEN
        if self.at_most is not None:
            return REACHED if median <= self.at_most else SHORT if low > self.at_most else OPEN
        return ""

    def line(self) -> str:
        median, low, high = self.interval()
        bound = ("" if self.at_least is None and self.at_most is None else
                 f"at least {self.at_least:g}{self.unit}" if self.at_least is not None else
                 f"at most {self.at_most:g}{self.unit}")
        return f"{self.what:<62} {cell(median):>8}{self.unit:<3} {spread(low, high):<17} {bound:<17} {self.verdict()}"


def median(values: tuple) -> float:
    """NaN where there is none."""
    return statistics.median_interval(values)[0] if values else math.nan


def cell(value: float) -> str:
    """Three figures that count, however large."""
    if math.isnan(value):
        return "-"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 1000 else f"{value:,.0f}"


def spread(low: float, high: float) -> str:
    return "" if math.isnan(low) else f"[{cell(low)}, {cell(high)}]"


def paired(ours: dict, theirs: dict) -> tuple:
    """ours / theirs, in each round that has both."""
    return tuple(ours[number] / theirs[number] for number in sorted(ours.keys() & theirs.keys()) if theirs[number])
