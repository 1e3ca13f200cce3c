"""The chapter's sentences, judged: `holds`, `fails`, `inconclusive` or `cannot be judged here`.

A piece of evidence `holds` when its whole 95 % interval lies within the bound, and `fails` when all
of it lies outside. Either needs Holm's adjusted p below 0.05 as well, over all the evidence of a
section; anything else is `inconclusive`. The p is one-sided: only one of the two words can be
false, for the truth lies within the bound or outside of it. As everywhere, the unit is the trial.

A sentence with several pieces of evidence holds if all of them do, and fails if one does.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from common.charts import statistics
from common.charts.claims_file import Claim, Evidence, read_claims
from common.charts.errors import ResultsError
from common.charts.folders import EXPERIMENTS
from common.charts.sample import Missing, Sample, take
from common.charts.toml_file import REMEDY
from common.charts.topics import section_files, topic_of
from common.charts.verdicts import INCONCLUSIVE, LEVEL

HOLDS, FAILS, NOT_HERE = "holds", "fails", "cannot be judged here"
WORDS = (HOLDS, FAILS, INCONCLUSIVE, NOT_HERE)


@dataclass(frozen=True)
class JudgedEvidence:
    """A piece of evidence, its word, and why it is no clearer word. sample is None where there is
    nothing to judge; effect is (estimate, low, high) then None, too. p is Holm's."""

    evidence: Evidence
    word: str
    reason: str
    sample: Sample
    effect: tuple
    p: float

    @property
    def effect_text(self):
        """The effect with its interval, e.g. "1.94x [1.82x, 1.95x]"; empty where there is none."""
        if not self.sample:
            return ""
        write = self.evidence.measure.write
        estimate, low, high = self.effect
        known = not math.isnan(low) and not math.isinf(high)
        return write(estimate) + (f" [{write(low)}, {write(high)}]" if known else "")

    @property
    def series_text(self):
        """What was measured, e.g. "seconds of a/blocking / a/threads"."""
        measure = self.evidence.measure
        picked = self.sample.series if self.sample else measure.patterns
        return f"{measure.quantity} of {' / '.join(each.name for each in picked)}"

    @property
    def bound_text(self):
        """The bound and its reason in words."""
        bound = self.evidence.bound.text(self.evidence.measure.write_bound)
        return f"{bound}: {self.evidence.because}"


@dataclass(frozen=True)
class JudgedClaim:
    """A sentence and what came of it."""

    claim: Claim
    evidence: tuple  # of JudgedEvidence

    @property
    def word(self):
        """One of WORDS."""
        words = [each.word for each in self.evidence]
        return next((word for word in (FAILS, NOT_HERE, INCONCLUSIVE) if word in words), HOLDS)

    @property
    def reason(self):
        """Why it is no clearer word; empty where it holds or fails."""
        return next((each.reason for each in self.evidence if each.word == self.word), "")


def judged_claims(runs, sections=None, experiments=EXPERIMENTS):
    """Return section folder -> list of JudgedClaim, for all sections or these folders.

    runs: Runs of one machine, as newest_runs() gives them; [] where nothing is recorded yet.
    ResultsError if a claims.toml is not what it should be, or names what nobody measures.
    """
    by_experiment = {run.experiment: run for run in runs}
    files = section_files("claims.toml", experiments)
    return {section: judge(read_claims(path), by_experiment, path)
            for section, path in files.items() if sections is None or section in sections}


def judge(claims, runs, path):
    """Return a JudgedClaim for each Claim of the claims.toml at `path`; all their evidence is one
    family for Holm. runs: experiment -> Run of one machine."""
    taken = [(_take(evidence, runs, path, f"claim[{i}].evidence[{j}]."), evidence)
             for i, claim in enumerate(claims) for j, evidence in enumerate(claim.evidence)]
    p_values = iter(statistics.holm([_p(sample, evidence.bound) for sample, evidence in taken
                                     if isinstance(sample, Sample)]))
    judged = iter([_judged(evidence, sample, next(p_values) if isinstance(sample, Sample) else 1.0)
                   for sample, evidence in taken])
    return [JudgedClaim(claim, tuple(next(judged) for _ in claim.evidence)) for claim in claims]


def _take(evidence, runs, path, place):
    experiment = evidence.measure.series.experiment
    homes = list(Path(path).parent.parent.glob(f"*/{experiment}/main.cpp"))
    if not homes:
        raise ResultsError(path, place + "series", f"there is no experiment '{experiment}'", REMEDY)
    if experiment not in runs:
        return Missing(f"not recorded: run `make {topic_of(homes[0].parent.parent.name)}`")
    run = runs[experiment]
    if run.table.empty and not run.set_aside:
        return Missing(f"no trial was recorded: run `make {topic_of(run.section)}`")
    cores = int(run.context["cores"]) if run.context["cores"].isdigit() else 1
    if cores < evidence.needs_cores:
        return Missing(f"{cores} core{'s' * (cores > 1)}, and it takes {evidence.needs_cores}")
    return take(evidence.measure, run, path, place)


def _p(sample, bound):
    """Return the p of the word that the estimate speaks for."""
    ends = [(edge, side) for side, edge in enumerate((bound.low, bound.high))
            if math.isfinite(edge)]
    if bound.holds(sample.interval[0]):
        return max(sample.p(edge)[side] for edge, side in ends)
    return min(sample.p(edge, strict=True)[1 - side] for edge, side in ends)


def _judged(evidence, sample, p):
    if isinstance(sample, Missing):
        return JudgedEvidence(evidence, NOT_HERE, sample.reason, None, None, 1.0)
    effect, bound = sample.interval, evidence.bound
    _, low, high = effect
    if math.isnan(low) or math.isinf(high):
        word, reason = INCONCLUSIVE, f"too few trials: {sample.trials}; give TRIALS=8 or more"
    elif not (bound.holds(low) and bound.holds(high)) and low <= bound.high and high >= bound.low:
        word = INCONCLUSIVE
        reason = "the interval reaches across the bound; TRIALS=20 may settle it"
    elif p >= LEVEL:
        word = INCONCLUSIVE
        reason = f"{sample.trials} trials can't settle so many questions at once; TRIALS=20 may"
    else:
        word, reason = (HOLDS if bound.holds(low) else FAILS), ""
    return JudgedEvidence(evidence, word, reason, sample, effect, p)
