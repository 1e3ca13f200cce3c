"""A run: all trials of one experiment on one machine, as one tidy table."""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas

from common.charts.errors import ResultsError
from common.charts.run_file import read_run_file
from common.charts.series import (
    Series,
    model_rank,
    number_or_text,
    series_rank,
    value_rank,
)
from common.charts.trial_file import IDENTITY, SetAside, read_trial


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Run:
    """One recorded run.

    table: one row per series and trial, with columns series (its name), experiment, model, each
    parameter, case, trial (0, 1, ...), seconds (wall time of one iteration), bound (label, may be
    empty), bound_s (seconds, may be NaN) and each counter (per iteration). Only usable rows.
    series: name -> Series, in the order of every table. set_aside: (SetAside, trials) pairs: what
    was skipped or failed in how many trials; such a series is nowhere in the table.
    """

    folder: Path
    description: dict  # run.json
    context: dict  # what all the trials have in common, and the rest from the first
    table: pandas.DataFrame
    series: dict
    set_aside: tuple
    doubts: tuple  # of texts, each once

    @property
    def section(self):
        """The section of the chapter, e.g. 1_2_io_cpu."""
        return self.description["section"]

    @property
    def experiment(self):
        """The experiment's name, e.g. matrix."""
        return self.description["experiment"]

    @property
    def trials(self):
        """How many trials were recorded."""
        return len(self.description["trials"])

    @property
    def baseline(self):
        """The model that the others are compared with; empty without trials."""
        return self.context.get("baseline", "")

    @property
    def models(self):
        """The models that have numbers, in the vocabulary's order."""
        return sorted(set(self.table["model"]), key=model_rank)

    @property
    def warnings(self):
        """Texts that must stand wherever the numbers do: not a release build, not complete."""
        found = []
        build = self.context.get("build_type", "release")
        if build != "release":
            found.append(f"{build.upper()} BUILD: these timings don't count; record again with "
                         "the release build")
        if not self.description["complete"]:
            reason = self.description["reason"] or "no reason recorded"
            found.append(f"INCOMPLETE: {self.trials} of {self.description['trials_planned']} "
                         f"trials ({reason})")
        return found

    def values(self, parameter):
        """Return the values of a parameter that have numbers, sorted; [] if there is none."""
        if parameter not in self.table:
            return []
        return sorted(self.table[parameter].dropna().unique(), key=value_rank)

    def where(self, **fixed):
        """Return the rows of the table with these values, e.g. where(model="tbb", jobs=64)."""
        rows = self.table
        for column, value in fixed.items():
            rows = rows[rows[column] == value] if column in rows else rows.iloc[:0]
        return rows


def load_run(folder):
    """Return the Run recorded in `folder` (the one that holds run.json), or raise ResultsError."""
    folder = Path(folder)
    description = read_run_file(folder / "run.json")
    paths = [folder / entry["file"] for entry in description["trials"]]
    trials = [read_trial(path) for path in paths]
    context = _common_context(description, paths, trials, folder / "run.json")
    series, set_aside = _sort_out(trials)
    table = _table(trials, series)
    _check_equal_work(table, folder)
    return Run(folder, description, context, table, series, set_aside, _doubts(trials))


def _common_context(description, paths, trials, run_path):
    """Return the first trial's context, once it is known that the other trials agree with it."""
    for path, trial in zip(paths, trials):
        for field in IDENTITY:
            expected = trials[0].context[field]
            if field in ("section", "experiment"):
                expected = description[field]
            if trial.context[field] != expected:
                other = run_path if field in ("section", "experiment") else paths[0]
                raise ResultsError(
                    path, f"context.{field}", f"is '{trial.context[field]}', but '{expected}' in "
                    f"{other.name}: not one run", "record the trials of a run together, again")
    return trials[0].context if trials else {}


def _doubts(trials):
    """Return what the trials said of the machine, each doubt once, in how many trials if not in
    all; where only its numbers differ (the load), with the least and the most of them."""
    seen = {}
    for trial in trials:
        for doubt in filter(None, map(str.strip, trial.context.get("doubts", "").split(";"))):
            seen.setdefault(_NUMBER.sub("#", doubt), []).append(doubt)
    return tuple(_range_text(texts) + ("" if len(texts) == len(trials) else
                                       f" (in {len(texts)} of {len(trials)} trials)")
                 for texts in seen.values())


def _range_text(texts):
    """Return texts that differ in their numbers alone as one text: "load 0.5 to 2.5"."""
    ranges = iter([sorted(numbers, key=float)
                   for numbers in zip(*map(_NUMBER.findall, texts))])

    def in_place_of(_):
        numbers = next(ranges)
        return numbers[0] if numbers[0] == numbers[-1] else f"{numbers[0]} to {numbers[-1]}"

    return _NUMBER.sub(in_place_of, texts[0])


def _sort_out(trials):
    """Return (name -> Series of the usable ones, set-aside pairs), both in the tables' order.

    A series that failed or was skipped in any trial is set aside as a whole: a wrong answer is an
    error, and never a bar.
    """
    marks = {}
    for trial in trials:
        for mark in trial.set_aside:
            marks.setdefault(mark.series, []).append(mark)
    set_aside = []
    for series in sorted(marks, key=series_rank):
        first = min(marks[series], key=lambda mark: mark.kind)  # failed outranks skipped
        set_aside.append((SetAside(series, first.kind, first.reason), len(marks[series])))
    names = {row["series"] for trial in trials for row in trial.rows} - marks.keys()
    return {each.name: each for each in sorted(names, key=series_rank)}, tuple(set_aside)


def _table(trials, series):
    rows = []
    for number, trial in enumerate(trials):
        for row in trial.rows:
            which: Series = row["series"]
            if which.name in series:
                rows.append(row | {"series": which.name, "experiment": which.experiment,
                                   "model": which.model, "case": which.case, "trial": number})
    first = ["series", "experiment", "model", "case", "trial", "seconds", "units", "bound",
             "bound_s"]
    parameters = list(dict.fromkeys(name for each in series.values() for name, _ in
                                    each.parameters))
    table = pandas.DataFrame(rows)
    table = table.reindex(columns=list(dict.fromkeys(first + parameters + list(table.columns))))
    for name in parameters:
        values = [number_or_text(value) for value in table[name]]
        if not any(isinstance(value, str) for value in values):  # all numbers, or not there
            table[name] = pandas.Series(values, dtype=object)
    rank = {name: i for i, name in enumerate(series)}
    return table.sort_values(["series", "trial"], ignore_index=True,
                             key=lambda column: column.map(rank) if column.name == "series"
                             else column)


def _check_equal_work(table, folder):
    """Every trial of a series must have done the same number of jobs."""
    if table.empty:
        return
    differing = table.groupby("series")["units"].nunique()
    for name in differing[differing > 1].index:
        raise ResultsError(folder, f"benchmarks[{name}].units", "differs between trials",
                           "make the series do the same work each time and record again")
