"""Speed as a ratio to the reference solution, interleaved in the same run, with an interval.

The pair's ratio is reference time over the student's, so 1 is as fast and 0.5 half as fast. The median of the pairs is
judged by its distribution-free interval, from order statistics (Conover, Practical Nonparametric Statistics, 3.2): it
asks nothing of the noise but that it falls on both alike. Time is taken by the judge, from the request to the end line.
"""

import statistics
import time
from dataclasses import dataclass
from math import comb

from .declare import Case
from .probe import Probe
from .session import CaseFailed

_CONFIDENCE = 0.95
_TRIES = 3  # an inconclusive measurement is taken again, twice


@dataclass(frozen=True)
class Ratio:
    """Speed over the reference's: the median of the pairs and its interval."""

    median: float
    low: float
    high: float
    pairs: int

    def __str__(self) -> str:
        return f"{self.median:.2f}x the reference's speed (95 % interval {self.low:.2f} to {self.high:.2f}, {self.pairs} pairs)"


def judge_speed(case: Case, theirs: Probe, reference: Probe) -> tuple[str, str]:
    """(verdict, words) for a speed case: passed, failed, or inconclusive, which is in the student's favour."""
    assert case.speed
    if case.body:
        case.body(theirs)
    ratios: list[float] = []
    for _ in range(_TRIES):
        for number in range(case.speed.rounds):
            ratios.append(_pair(case, theirs, reference, number % 2 == 0))
        ratio = interval(ratios)
        words = f"{ratio}; asked for: {case.speed.at_least:g}x"
        if ratio.low >= case.speed.at_least:
            return "passed", words
        if ratio.high < case.speed.at_least:
            return "failed", words
    return "inconclusive", f"{words}. Measured {_TRIES} times and still undecided, so the points are yours."


def interval(ratios: list[float]) -> Ratio:
    """The median of `ratios` with the narrowest symmetric order-statistic interval of at least 95 %."""
    ordered = sorted(ratios)
    count = len(ordered)
    outside = 0
    while outside + 1 < (count + 1) // 2 and _coverage(count, outside + 1) >= _CONFIDENCE:
        outside += 1
    return Ratio(statistics.median(ordered), ordered[outside], ordered[count - 1 - outside], count)


def _coverage(count: int, outside: int) -> float:
    """The chance that the true median lies between the order statistics `outside` from each end."""
    return 1 - 2 * sum(comb(count, k) for k in range(outside + 1)) / 2**count


def _pair(case: Case, theirs: Probe, reference: Probe, theirs_first: bool) -> float:
    order = (theirs, reference) if theirs_first else (reference, theirs)
    took = {probe: _timed(case, probe) for probe in order}
    (their_s, their_seen), (reference_s, reference_seen) = took[theirs], took[reference]
    if sorted(their_seen, key=repr) != sorted(reference_seen, key=repr):
        raise CaseFailed("failed", "what your program came to differs from the reference's: a fast wrong answer is none")
    return reference_s / their_s


def _timed(case: Case, probe: Probe) -> tuple[float, list]:
    assert case.speed
    session = probe.launch()
    try:
        session.wait_for("ready")
        since = time.monotonic()
        session.request(case.speed.probe, "", case.speed.numbers, None)
        seen = session.finish()
        return session.end_took_s(since), list(seen.all)
    finally:
        session.stop()
