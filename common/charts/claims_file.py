"""claims.toml: a section's sentences of the chapter, each bound to what a run measures.

    [[claim]]
    name = "computing_under_the_lock"       # unique in the file
    says = "Threads make Python no faster where it computes; processes do."

    [[claim.evidence]]                      # one or more; all must hold
    series = "fib_40_41/blocking/language:cpython/n:largest"
    against = "fib_40_41/threads/language:cpython/n:largest"
    at_most = 1.2                           # and, or instead, at_least
    without = 1.618                         # what would be measured if the sentence were untrue
    because = "one lock lets one thread compute; two that may both compute gain 1.618"
    needs_cores = 2

measure.py says what `series`, `against`, `value`, `over` and `wrong_if` mean. `without` may be left
out where it is 1 (a ratio) or 0 (a share of wrong answers). It must lie outside the bound: a claim
that holds without its effect says nothing.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from common.charts.errors import ResultsError
from common.charts.measure import KEYS, Measure, read_measure
from common.charts.toml_file import (
    REMEDY, check_keys, names_in, number_in, read_toml, tables_in, text_in,
)  # fmt: skip

_BOUND_KEYS = {"at_least", "at_most", "without", "because", "needs_cores"}


@dataclass(frozen=True)
class Bound:
    """From low to high, ends included; infinite where there is no such end."""

    low: float
    high: float

    def holds(self, value):
        """Return whether the value lies within."""
        return self.low <= value <= self.high

    def text(self, write):
        """Return the bound in words, its numbers written by `write`."""
        if math.isinf(self.high):
            return f"at least {write(self.low)}"
        if math.isinf(self.low):
            return f"at most {write(self.high)}"
        return f"{write(self.low)} to {write(self.high)}"


@dataclass(frozen=True)
class Evidence:
    """One measurement that a sentence stands on. without: its value if the sentence were untrue."""

    measure: Measure
    bound: Bound
    without: float
    because: str
    needs_cores: int


@dataclass(frozen=True)
class Claim:
    """A sentence of the chapter, in our own words."""

    section: str  # the folder, e.g. 1_5_gil
    name: str
    says: str
    evidence: tuple


def read_claims(path):
    """Return the Claims in a claims.toml; ResultsError names the file and the field."""
    path = Path(path)
    whole = read_toml(path)
    check_keys(whole, {"claim"}, path)
    tables = tables_in(whole, "claim", path)
    names = names_in(tables, path, "claim")
    return [_claim(name, table, path, f"claim[{i}].")
            for i, (name, table) in enumerate(zip(names, tables))]


def _claim(name, table, path, place):
    check_keys(table, {"name", "says", "evidence"}, path, place)
    evidence = tuple(_evidence(piece, path, f"{place}evidence[{i}].")
                     for i, piece in enumerate(tables_in(table, "evidence", path, place)))
    return Claim(path.parent.name, name, text_in(table, "says", path, place), evidence)


def _evidence(table, path, place):
    check_keys(table, KEYS | _BOUND_KEYS, path, place)
    measure = read_measure(table, path, place)
    bound = _bound(table, measure, path, place)
    without = number_in(table, "without", path, place, measure.without)
    if without is None:
        raise ResultsError(path, place + "without", "is missing: what would be measured if the "
                           "sentence were untrue?", REMEDY)
    if bound.holds(without):
        raise ResultsError(path, place + "without", f"{without:g} lies within the bound: the claim "
                           "would hold without its effect", "make the bound tighter")
    cores = table.get("needs_cores", 1)
    if not isinstance(cores, int) or isinstance(cores, bool) or cores < 1:
        raise ResultsError(path, place + "needs_cores", "must be a whole number from 1 on",
                           REMEDY)
    return Evidence(measure, bound, without, text_in(table, "because", path, place), cores)


def _bound(table, measure, path, place):
    low = number_in(table, "at_least", path, place, -math.inf)
    high = number_in(table, "at_most", path, place, math.inf)
    if math.isinf(low) and math.isinf(high):
        raise ResultsError(path, place + "at_least, at_most", "both missing: what is the bound?",
                           REMEDY)
    if low > high:
        raise ResultsError(path, place + "at_least", "lies above at_most", REMEDY)
    for key, edge in (("at_least", low), ("at_most", high)):
        if math.isfinite(edge) and not measure.can_be(edge):
            raise ResultsError(path, place + key, f"{edge:g} is nothing that {measure.kind} can be",
                               REMEDY)
    return Bound(low, high)
