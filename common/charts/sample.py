"""From a Measure to its numbers: one of each trial, or why there are none here."""

from dataclasses import dataclass

import numpy as np

from common.charts import statistics
from common.charts.errors import ResultsError
from common.charts.measure import RATIO, SIZES, WRONG, Measure
from common.charts.series import Series, number_or_text, value_rank
from common.charts.toml_file import REMEDY
from common.charts.trial_file import RESERVED

_WORDS = {"--quick", "--full"}  # a program's own flags; with any other a run was narrowed


@dataclass(frozen=True)
class Missing:
    """Why a Measure has no numbers here."""

    reason: str


@dataclass(frozen=True)
class Sample:
    """The numbers of a Measure. series: the one or two that were taken; values, against: a number
    of each trial (against: of the second series of a ratio, else None)."""

    measure: Measure
    series: tuple
    values: object
    against: object

    @property
    def trials(self):
        """How many trials there are, of the series that has fewer."""
        return len(self.values) if self.against is None else min(len(self.values),
                                                                 len(self.against))

    @property
    def interval(self):
        """(estimate, low, high) at 95 %; low and high are 0 or NaN and infinity or NaN if too few
        trials make none."""
        if self.measure.kind == RATIO:
            return statistics.ratio_interval(self.against, self.values)
        if self.measure.kind == WRONG:
            return statistics.share_interval(int(self.values.sum()), len(self.values))
        return statistics.median_interval(self.values)

    def p(self, edge, strict=False):
        """Return (p_above, p_below): exact one-sided p values against an edge. Values that tie with
        it count for both, or, if strict, for neither."""
        if self.measure.kind == RATIO:
            return statistics.ratio_p(self.against, self.values, edge, strict)
        if self.measure.kind == WRONG:
            count, n = int(self.values.sum()), len(self.values)
            return (statistics.at_least_heads(count, n, edge),
                    1 - statistics.at_least_heads(count + 1, n, edge))
        return statistics.median_p(self.values, edge, strict)


def take(measure, run, path, place):
    """Return the Sample of a Measure from the Run of its experiment, or Missing.

    path and place: where the Measure was read, for the ResultsError if the run has no such series
    or column though it had all that there are.
    """
    picked = _pick(measure, run, path, place)
    if isinstance(picked, Missing):
        return picked
    if measure.kind == WRONG:
        return _wrongs(measure, run, picked, path, place)
    found = []
    for series in picked:
        rows = run.where(series=series.name)
        columns = [*measure.columns, *([measure.over] if measure.over else [])]
        _check_columns(rows, run, columns, path, place)
        numbers = rows[list(measure.columns)].sum(axis=1, skipna=False)
        numbers = (numbers / rows[measure.over] if measure.over else numbers).dropna().to_numpy()
        if not len(numbers):
            return Missing(f"{series.name} has no {measure.quantity}")
        if measure.kind == RATIO and (numbers <= 0).any():
            return Missing(f"{measure.quantity} of {series.name} is 0 in some trial: no ratio")
        found.append(numbers)
    return Sample(measure, picked, found[0], found[1] if len(found) > 1 else None)


def _pick(measure, run, path, place):
    """Return the recorded Series that the measure's patterns stand for, or Missing."""
    failed = [mark.series for mark, _ in run.set_aside if mark.kind == "failed"]
    usable = [*run.series.values(), *(failed if measure.kind == WRONG else [])]
    found = [[each for each in usable if fits(each, pattern)] for pattern in measure.patterns]
    for key, pattern, fitting in zip(("series", "against"), measure.patterns, found):
        if not fitting:
            return _why_missing(run, pattern, path, place + key)
    for word in SIZES:
        for name in _sizes(measure.patterns[0], word) & _sizes(measure.patterns[-1], word):
            common = set.intersection(*({_value(each, name) for each in each_found}
                                        for each_found in found))
            found = [[each for each in fitting if _value(each, name) in common]
                     for fitting in found]
            if not common:
                return Missing(f"no {name} that both {' and '.join(_models(measure))} have")
    picked = tuple(_at_end(fitting, pattern) for fitting, pattern in zip(found, measure.patterns))
    if len(picked) > 1 and picked[0] == picked[1]:
        return Missing(f"only one size was recorded, {picked[0].case}")
    return picked


def fits(series, pattern):
    """Return whether a recorded Series is one that a pattern asks for; any size is the largest."""
    if series.model != pattern.model or len(series.parameters) != len(pattern.parameters):
        return False
    wanted = dict(pattern.parameters)
    return all(name in wanted and (wanted[name] in SIZES or number_or_text(wanted[name]) ==
                                   number_or_text(value)) for name, value in series.parameters)


def _sizes(pattern, word):
    return {name for name, value in pattern.parameters if value == word}


def _value(series, name):
    return dict(series.parameters)[name]


def _models(measure):
    return [pattern.model for pattern in measure.patterns]


def _at_end(fitting, pattern):
    """Return the largest or smallest of the fitting series, parameter after parameter."""
    for name, word in pattern.parameters:
        if word in SIZES:
            choose = max if word == "largest" else min
            end = choose((_value(each, name) for each in fitting), key=value_rank)
            fitting = [each for each in fitting if _value(each, name) == end]
    return fitting[0]


def _why_missing(run, pattern, path, field):
    """Return Missing with the reason; ResultsError if there is no such series in a whole run."""
    for mark, _ in run.set_aside:
        if fits(mark.series, pattern):
            return Missing(f"series {mark.kind}: {mark.reason}")
    flags = [word for word in run.description["command"][1:] if word not in _WORDS]
    if flags or not run.description["complete"]:
        how = f"recorded with {' '.join(flags)}" if flags else "which is not complete"
        return Missing(f"{pattern.name} is not in this run, {how}")
    known = [*run.series.values(), *(mark.series for mark, _ in run.set_aside)]
    alike = [each for each in known if each.model == pattern.model and
             [name for name, _ in each.parameters] == [name for name, _ in pattern.parameters]]
    if alike and _only_numbers_differ(alike, pattern):
        return Missing(f"{pattern.name} is not among the sizes of a {run.description['mode']} run")
    names = list(dict.fromkeys(each.name for each in alike) if alike else
                 dict.fromkeys(f"{each.experiment}/{each.model}" for each in known))
    names = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if names[8:] else "")
    raise ResultsError(path, field, f"'{pattern.name}' is no series of {run.folder}, which has "
                       f"{names or 'none'}", "correct the name, or record the run again")


def _only_numbers_differ(alike, pattern):
    texts = [(name, value) for name, value in pattern.parameters
             if value not in SIZES and isinstance(number_or_text(value), str)]
    return any(set(texts) <= set(each.parameters) for each in alike)


def _wrongs(measure, run, picked, path, place):
    """Return the Sample of a share of wrong answers: 1 for each trial with one, else 0."""
    failed = {mark.series: count for mark, count in run.set_aside if mark.kind == "failed"}
    if picked[0] in failed:
        wrong = failed[picked[0]]
        return Sample(measure, picked, np.array([1] * wrong + [0] * (run.trials - wrong)), None)
    rows = run.where(series=picked[0].name)
    if not measure.wrong_if:
        return Sample(measure, picked, np.zeros(len(rows)), None)
    _check_columns(rows, run, [measure.wrong_if], path, place)
    return Sample(measure, picked, (rows[measure.wrong_if] > 0).to_numpy().astype(int), None)


def _check_columns(rows, run, columns, path, place):
    for column in columns:
        if column not in rows or rows[column].dtype == object:
            known = [name for name in run.table.select_dtypes("number") if name not in
                     RESERVED - {"seconds", "units", "bound_s"}]
            raise ResultsError(path, place + "value, over, wrong_if", f"'{column}' is no number "
                               f"that {run.experiment} measures ({', '.join(known)})", REMEDY)
