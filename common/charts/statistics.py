"""Exact small-sample statistics on logarithms of seconds.

Why these and not a t test? A trial is one process, and there are about ten of them. Their times
are not bell-shaped: now and then a process is unlucky and takes half as long again. Rank methods
look only at *which* trial was faster, never by how much, so that one unlucky process can't buy, or
hide, a result. Their probabilities are counted, not approximated: with m + n trials and no real
difference, each of the C(m + n, m) ways to deal the ranks to the two sides is equally likely. That
also settles how much a few trials can say: 3 against 3 can be dealt in 20 ways, so that even the
clearest outcome has probability 1/20 on either side, and no 95 % interval exists.

Why logarithms? Effects on time are ratios (10 % slower, 40 times faster); the logarithm makes a
ratio a difference, and makes 2 times faster and 2 times slower equally far from 1.
"""

import functools
import math

import numpy as np


@functools.lru_cache(maxsize=None)
def upper_tail(m, n):
    """Return the array P(U >= u), u = 0..m*n, of the exact Mann-Whitney statistic.

    U counts the pairs (one trial of each side) in which the new side took longer. The number of
    deals with U = u is the coefficient of q^u in a Gaussian binomial, which is built here by
    multiplying by (1 - q^(n+i)) and dividing by (1 - q^i), in whole numbers. (scipy's mannwhitneyu
    gives the same, which a test checks; but one u at a time, and not for tied values.)
    """
    deals = [1] + [0] * (m * n)
    for i in range(1, m + 1):
        for u in range(m * n, n + i - 1, -1):
            deals[u] -= deals[u - n - i]
        for u in range(i, m * n + 1):
            deals[u] += deals[u - i]
    total = math.comb(m + n, m)
    tails, so_far = [], 0
    for count in reversed(deals):
        so_far += count
        tails.append(so_far / total)
    return np.array(tails[::-1])


def log_differences(base, new):
    """Return all m*n differences log(new) - log(base), sorted; both in seconds, both positive."""
    return np.sort(np.subtract.outer(np.log(new), np.log(base)), axis=None)


def ratio_interval(base, new, confidence=0.95):
    """Return (estimate, low, high) of the ratio new / base of the sides' seconds.

    The estimate is Hodges and Lehmann's: the median of all m*n ratios. The interval holds each
    ratio that the exact Mann-Whitney test would not reject (that is what *inverting a test* means),
    and comes out as two of the sorted ratios. low and high are 0 and infinity when the trials are
    too few for any interval of that confidence. Ties make it a little too wide, never too narrow.
    """
    differences = log_differences(base, new)
    estimate = math.exp(np.median(differences))
    tails = upper_tail(len(base), len(new))
    outside = int((tails < (1 - confidence) / 2).sum())  # how many of the largest U are too rare
    if outside == 0:
        return estimate, 0.0, math.inf
    low, high = differences[outside - 1], differences[-outside]
    return estimate, math.exp(low), math.exp(high)


def beyond_margin_p(base, new, margin):
    """Return (p_slower, p_faster): exact one-sided p values against the margin, e.g. 0.02.

    p_slower is the probability of so many slow pairs if the new side were only 1 + margin times as
    slow: small means *slower by more than the margin*. p_faster mirrors it. Pairs that tie with the
    margin count against the claim.
    """
    differences = log_differences(base, new)
    edge = math.log1p(margin)
    tails = upper_tail(len(base), len(new))
    slower, faster = (differences > edge).sum(), (differences < -edge).sum()
    return float(tails[slower]), float(tails[faster])


def holm(p_values):
    """Return Holm's adjusted p values, in the order given.

    Of 40 comparisons at 5 %, two come out false by luck alone. Holm's correction keeps the chance
    of even one false verdict in the whole family at 5 %: the smallest p is multiplied by 40, the
    next by 39, and so on, each at least as large as the one before.
    """
    p_values = np.asarray(p_values, dtype=float)
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(p_values), 0, -1)
    raised = np.minimum(1.0, np.maximum.accumulate(p_values[order] * factors))
    adjusted = np.empty_like(raised)
    adjusted[order] = raised
    return adjusted


def trials_needed(comparisons, level=0.05):
    """Return the trials a side from which a verdict is possible among so many comparisons."""
    trials = 4
    while comparisons / math.comb(2 * trials, trials) >= level:
        trials += 1
    return trials


def median_interval(values, confidence=0.95):
    """Return (median, low, high) of one side's trials, in their unit; NaN where there is none.

    The interval is two of the sorted values: each trial falls below the true median with chance
    1/2, so that the count below is binomial, whatever the shape of the noise. At 95 % it needs at
    least 6 trials.
    """
    values = np.sort(np.asarray(values, dtype=float))
    n = len(values)
    cumulative = np.cumsum([math.comb(n, k) / 2**n for k in range(n + 1)])
    outside = int((cumulative <= (1 - confidence) / 2).sum())
    if outside == 0:
        return float(np.median(values)), math.nan, math.nan
    return float(np.median(values)), float(values[outside - 1]), float(values[-outside])


def ratio_p(base, new, edge, strict=False):
    """Return (p_above, p_below): exact one-sided p values of the ratio new / base against an edge.

    p_above is small where the ratio is surely above the edge. Pairs that tie with the edge count
    for both claims, or, if strict, for neither.
    """
    gaps = log_differences(base, new) - math.log(edge)
    gaps[np.abs(gaps) < 1e-12] = 0.0  # rounding must not break a tie
    tails = upper_tail(len(base), len(new))
    above, below = ((gaps > 0).sum(), (gaps < 0).sum())
    ties = 0 if strict else (gaps == 0).sum()
    return float(tails[above + ties]), float(tails[below + ties])


def at_least_heads(heads, n, chance=0.5):
    """Return the probability of so many heads or more in n throws of such a coin."""
    return sum(math.comb(n, k) * chance**k * (1 - chance)**(n - k) for k in range(heads, n + 1))


def median_p(values, edge, strict=False):
    """Return (p_above, p_below) of the median against an edge: the sign test. Ties as above."""
    values = np.asarray(values, dtype=float)
    above, below = (values > edge).sum(), (values < edge).sum()
    ties = 0 if strict else len(values) - above - below
    return (at_least_heads(int(above + ties), len(values)),
            at_least_heads(int(below + ties), len(values)))


def share_interval(count, n, confidence=0.95):
    """Return (estimate, low, high) of the share that `count` of n trials are of all that might be
    run: Clopper and Pearson's interval, each chance that the binomial test would not reject."""
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else _solve(lambda chance: at_least_heads(count, n, chance) - tail)
    high = 1.0 if count == n else _solve(
        lambda chance: tail - 1 + at_least_heads(count + 1, n, chance))
    return count / n, low, high


def _solve(rising):
    """Return where a rising function of a chance is 0, by halving."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
