"""From trials to one of four words: `faster`, `slower`, `same within ±T %`, `inconclusive`.

The unit of evidence is the trial, a process started anew: iterations inside one process share its
memory layout and its luck, and a thousand of them are still one piece of evidence.

`slower` (and its mirror image `faster`) needs two things at once:
1. the 95 % interval of the ratio lies wholly above 1 + T. This is a *minimum-effect* test: not
   "is there any difference", which enough trials always find, but "is it larger than T", a size
   that matters and that the machine's own unfairness (order, drift between two runs) stays below;
2. Holm's adjusted p of that claim is below 0.05, over all the comparisons made together.
`same` needs the whole interval inside ±T. Too few trials have no interval: `inconclusive`.

Step 2 takes the p of one direction. Usually that is right, for the true ratio can't be beyond both
margins, and when it sits at one, the other is two margins away. Where the noise is so large that
this distance says little (an interval wider than twice the zone from -T to +T), p is doubled.
tests/charts/test_verdict_simulation.py counts on known truth: one false word in at most 5 % of
whole families. The halved price is what lets 10 trials a side, of which one is a 1.5x outlier,
still show a 10 % slowdown among 40 comparisons; the doubled test missed one in five of those, and
a trimmed t test missed more under drift.
"""

import math
from dataclasses import dataclass

from common.charts import statistics

DEFAULT_MARGIN = 0.02  # T, as a fraction
LEVEL = 0.05

FASTER, SLOWER, INCONCLUSIVE = "faster", "slower", "inconclusive"


@dataclass(frozen=True)
class Comparison:
    """What to judge: the seconds of each trial of two sides (arrays, one value per trial)."""

    name: str
    base: object
    new: object


@dataclass(frozen=True)
class Verdict:
    """What came of it. ratio, low, high: seconds of new / base; p: Holm's adjusted p."""

    name: str
    ratio: float
    low: float
    high: float
    p: float
    word: str


def same_word(margin):
    """Return the word for equality within the margin, e.g. `same within ±2 %`."""
    return f"same within ±{margin * 100:g} %"


def judge(comparisons, margin=DEFAULT_MARGIN):
    """Return a Verdict for each Comparison, in order; all of them are one family for Holm."""
    intervals = [statistics.ratio_interval(each.base, each.new) for each in comparisons]
    p_values = [
        _claim_p(each, interval, margin) for each, interval in zip(comparisons, intervals)
    ]
    adjusted = statistics.holm(p_values)
    return [
        Verdict(each.name, *interval, float(p), _word(interval, p, margin))
        for each, interval, p in zip(comparisons, intervals, adjusted)
    ]


def _claim_p(comparison, interval, margin):
    smaller = min(statistics.beyond_margin_p(comparison.base, comparison.new, margin))
    _, low, high = interval
    wide = low == 0 or math.log(high / low) > 4 * math.log1p(margin)
    return min(1.0, smaller * (2 if wide else 1))


def _word(interval, p, margin):
    _, low, high = interval
    if low > 1 + margin and p < LEVEL:
        return SLOWER
    if high < 1 / (1 + margin) and p < LEVEL:
        return FASTER
    if 1 / (1 + margin) <= low and high <= 1 + margin:
        return same_word(margin)
    return INCONCLUSIVE
