"""An A/A run: the same executable recorded twice, in turns. Every verdict of it is false.

The rule: at most 5 % of the comparisons may come out `faster` or `slower`. Fewer than 20
comparisons can't show a rate of 5 %, so that there one is let pass: the number allowed is the
larger of 1 and a twentieth of the comparisons, rounded down.
"""

from pathlib import Path

from common.charts import statistics, verdicts
from common.charts.compare import compare, table_lines
from common.charts.errors import ResultsError


def allowed_false(comparisons):
    """Return how many false verdicts among so many comparisons are let pass."""
    return max(1, comparisons // 20)


def judge_aa(folder, margin):
    """Return (lines, passed) for the A/A run in folder/a and folder/b; ResultsError if it can't
    be judged: not the same machine and executable, or so few trials that it could never fail."""
    base, new = Path(folder) / "a", Path(folder) / "b"
    compared = compare(base, new, margin)
    if compared.differences:
        raise ResultsError(folder, "", f"a and b are not the same: {compared.differences[0]}",
                           "record both with one executable, in turns")
    total = len(compared.pairs)
    needed = statistics.trials_needed(max(total, 1))
    if not total or min(min(len(one.base), len(one.new)) for one, _ in compared.pairs) < needed:
        raise ResultsError(folder, "", f"too few trials: no verdict is possible among {total} "
                           "comparisons, so that this proves nothing",
                           f"record at least {needed} trials a side")
    slower, faster = compared.count(verdicts.SLOWER), compared.count(verdicts.FASTER)
    passed = slower + faster <= allowed_false(total)
    lines = table_lines(compared) + [
        "",
        f"A/A: of {total} comparisons of a program with itself {faster} came out faster and "
        f"{slower} slower ({(faster + slower) / total:.1%}); allowed are {allowed_false(total)} "
        f"(5 %, or 1 where there are fewer than 20): {'good' if passed else 'TOO MANY'}.",
    ]
    return lines, passed
