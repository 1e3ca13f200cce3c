"""How far off a prediction is, and what that is worth.

The distance is a factor: twice as much and half as much are equally far off. It is taken to the
nearest end of the measured 95 % interval, so that whoever lies within is not off at all. Of shares
it is the factor between the odds, for 99 % is not near 90 %. Points: 10 minus 5 for each factor of
two: 10 within the interval, 5 at twice or half of it, 0 at four times or a quarter of it.
"""

import math
import textwrap
from dataclasses import dataclass

from common.charts.baseline import bound_in
from common.charts.claims import topic_of
from common.charts.errors import one_line
from common.charts.measure import RATIO
from common.charts.sample import Missing, take
from common.charts.text_table import aligned
from common.charts.topics import topic_of
from common.predict.answers import number_of
from common.predict.questions import Question

RULE = ("Off by: the factor to the nearest end of the 95 % interval (of shares, of the odds). "
        "Points: 10, minus 5 for each factor of two: 5 at twice or half, 0 at four times or a "
        "quarter.")
_SMALLEST_SHARE = 0.001


@dataclass(frozen=True)
class Score:
    """A Question with its prediction and what was measured. effect: (estimate, low, high), or None
    with the reason. bound: NaN where there is none. off: the factor; points: 0 to 10, or NaN."""

    question: Question
    prediction: float
    effect: tuple
    reason: str
    bound: float
    bound_is: str

    @property
    def off(self):
        """By which factor the prediction misses the interval; 1 within; NaN if not measured."""
        if not self.effect or not self.effect[0] > 0:
            return math.nan
        estimate, low, high = self.effect
        if not (low > 0 and high < math.inf):  # too few trials for an interval
            low = high = estimate
        value, low, high = (self._scaled(number) for number in (self.prediction, low, high))
        return max(low / value, value / high, 1.0)

    @property
    def points(self):
        """0 to 10."""
        return max(0.0, 10 - 5 * math.log2(self.off))

    def _scaled(self, number):
        if self.question.measure.unit != "share":
            return number
        share = min(max(number, _SMALLEST_SHARE), 1 - _SMALLEST_SHARE)
        return share / (1 - share)

    def cells(self):
        """Return the texts of a row: name, prediction, bound, measured, off by, points."""
        write = self.question.measure.write
        known = not math.isnan(self.off)
        measured = "not measured"
        if self.effect:
            estimate, low, high = self.effect
            interval = f" [{write(low)}, {write(high)}]" if low < high < math.inf else ""
            measured = write(estimate) + interval
        exact = self.question.measure.write_bound if self.question.bound else write
        bound = "–" if math.isnan(self.bound) else exact(self.bound)
        return [self.question.name, write(self.prediction), bound, measured,
                f"{self.off:.2f}x" if known else "–", f"{self.points:.1f}" if known else "–"]

    def as_json(self):
        """Return what the record keeps of it."""
        estimate, low, high = (None if not self.effect or not math.isfinite(number) else number
                               for number in self.effect or (0, 0, 0))
        known = not math.isnan(self.off)
        return {"name": self.question.name, "asks": self.question.asks,
                "unit": self.question.measure.unit, "prediction": self.prediction,
                "bound": None if math.isnan(self.bound) else self.bound,
                "measured": estimate, "low": low, "high": high, "reason": self.reason,
                "off_by": round(self.off, 3) if known else None,
                "points": round(self.points, 2) if known else None}


def score(question, text, runs, path, place):
    """Return the Score of an answer. runs: experiment -> Run; path, place: of the question."""
    prediction = number_of(text, question)
    run = runs.get(question.measure.series.experiment)
    sample = take(question.measure, run, path, place) if run else Missing("not recorded")
    if isinstance(sample, Missing):
        return Score(question, prediction, None, sample.reason, question.bound or math.nan,
                     question.bound_is)
    bound, bound_is = _bound(question, sample, run)
    return Score(question, prediction, sample.interval, "", bound, bound_is)


def _bound(question, sample, run):
    """Return (bound, what it is): the question's own, or of the bounds that the run recorded."""
    if question.bound is not None:
        return question.bound, question.bound_is
    found = [bound_in(run.where(series=series.name)) for series in sample.series]
    labels = " / ".join(label or "–" for label, _ in found)
    if question.measure.kind == RATIO and question.measure.columns == ("seconds",):
        return float(found[0][1] / found[1][1]), labels
    if question.measure.quantity == "seconds":
        return found[0][1], labels
    return math.nan, ""


def total(scores):
    """Return (points, most points) over the Scores that were measured."""
    known = [each.points for each in scores if not math.isnan(each.off)]
    return sum(known), 10 * len(known)


def score_lines(scores, section, heading):
    """Return the lines to show and to hand in: the questions, the table, the points."""
    lines = [f"Section {topic_of(section)}: predicted, then measured", one_line(heading), ""]
    for number, each in enumerate(scores, start=1):
        lines += _wrapped(f"{number}. ", each.question.asks)
        lines += _wrapped("   ", each.question.why)
        if each.bound_is and not math.isnan(each.bound):
            lines += _wrapped("   ", f"Bound: {each.bound_is}.")
        if each.reason:
            lines += _wrapped("   ", f"Not measured: {each.reason}.")
    header = ["question", "you said", "bound", "measured", "off by", "points"]
    lines += ["", *aligned(header, [each.cells() for each in scores], left=(0,)), ""]
    points, most = total(scores)
    return [*lines, f"{points:.1f} of {most} points.", *_wrapped("", RULE)]


def _wrapped(start, text):
    return textwrap.wrap(one_line(text), 100, initial_indent=start, break_long_words=False,
                         subsequent_indent=" " * len(start))
