"""Each model against its experiment's baseline: the table at the end of a run and in the report."""

import math
from dataclasses import dataclass

from common.charts import statistics
from common.charts.verdicts import DEFAULT_MARGIN, Comparison, Verdict, judge

UNEQUAL = "unequal work: not compared"


@dataclass(frozen=True)
class Judged:
    """One series and what is known of it. Seconds; `verdict` is None where nothing was compared.

    speedup, speedup_low, speedup_high: the baseline's seconds / this model's, NaN if not compared.
    word: the verdict's word, "baseline", or why there is none. bound_multiple: the median over the
    trials of a trial's seconds over its own bound, NaN without.
    """

    series: object
    trials: int
    median: float
    low: float
    high: float
    bound: str
    bound_s: float
    bound_multiple: float
    verdict: Verdict
    word: str

    @property
    def speedup(self):
        """(estimate, low, high) of the baseline's seconds over this model's; NaN if unknown."""
        if self.verdict is None:
            return math.nan, math.nan, math.nan
        high = 1 / self.verdict.low if self.verdict.low else math.inf
        return 1 / self.verdict.ratio, 1 / self.verdict.high, high


def judge_run(run, margin=DEFAULT_MARGIN):
    """Return a Judged per series of the Run, in order. One run is one family for Holm.

    A model and its baseline come from the same processes, whose luck they share; the test takes
    them as independent, which makes it a little too careful, never too bold.
    """
    seconds = {name: group["seconds"].to_numpy() for name, group in run.table.groupby("series")}
    units = run.table.groupby("series")["units"].first()
    against, words = {}, {}
    for name, series in run.series.items():
        base = _baseline_name(run, series)
        if series.model == run.baseline:
            words[name] = "baseline"
        elif base not in run.series:
            words[name] = "no baseline"
        elif units[name] != units[base]:
            words[name] = UNEQUAL
        else:
            against[name] = Comparison(name, seconds[base], seconds[name])
    verdicts = dict(zip(against, judge(list(against.values()), margin)))
    return [_judged(run, name, seconds[name], verdicts.get(name), words) for name in run.series]


def _baseline_name(run, series):
    return "/".join(part for part in (series.experiment, run.baseline, series.case) if part)


def _judged(run, name, seconds, verdict, words):
    rows = run.where(series=name)
    word = verdict.word if verdict else words[name]
    return Judged(run.series[name], len(seconds), *statistics.median_interval(seconds),
                  *bound_in(rows), _bound_multiple(rows), verdict, word)


def _bound_multiple(rows):
    multiples = (rows["seconds"] / rows["bound_s"]).dropna()
    return math.nan if multiples.empty else float(multiples.median())


def bound_in(rows):
    """Return (label, median seconds over the trials) of a series' bound; ("", NaN) without one."""
    known = rows.dropna(subset=["bound_s"])
    if known.empty:
        return "", math.nan
    return " or ".join(known["bound"].unique()), float(known["bound_s"].median())


def family_note(run, judged, margin):
    """Return one line on how the verdicts were made, with a remedy if the trials are too few."""
    compared = [each for each in judged if each.verdict]
    if not compared:
        return "No models to compare: these are times alone."
    fewest = min(each.trials for each in judged)
    note = (f"Verdicts at 5 %, Holm over {len(compared)} comparisons, margin ±{margin * 100:g} %, "
            f"{run.trials} trials.")
    needed = statistics.trials_needed(len(compared))
    if fewest < needed:
        note += (f" Too few trials for `faster` or `slower` among so many comparisons: record at "
                 f"least {needed}.")
    return note
