"""One trial: one Google Benchmark JSON file, read strictly."""

import statistics
from dataclasses import dataclass

from common.charts.errors import ResultsError, one_line
from common.charts.json_file import RECORD_AGAIN, finite, read_json, require
from common.charts.series import parse_series

# Text that every trial has; it must be the same in all trials of a run (but for the order).
IDENTITY = (
    "experiment", "section", "title", "baseline", "build_type", "compiler", "compiler_flags",
    "kernel", "cpu_model", "cores", "virtualization", "governor", "commit",
)
_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
# Google Benchmark's own fields of a row; any other number in it is a counter.
_NOT_COUNTERS = frozenset(
    "name run_name run_type family_index per_family_instance_index repetitions repetition_index "
    "threads iterations real_time cpu_time time_unit label error_occurred error_message skipped "
    "skip_message".split()
)
# Columns of the results table, which no parameter may be named after.
RESERVED = frozenset("series experiment model case trial seconds bound bound_s units".split())
_FOREIGN = "give the folder of a run that an experiment of this project recorded"


@dataclass(frozen=True)
class SetAside:
    """A series without usable numbers in some trial: `kind` is "skipped" or "failed"."""

    series: object
    kind: str
    reason: str


@dataclass(frozen=True)
class Trial:
    """context: field -> text. rows: one dict per good series. set_aside: the others."""

    context: dict
    rows: list
    set_aside: list


def read_trial(path):
    """Return the Trial in the file at `path`; ResultsError for anything that can't be trusted."""
    whole = read_json(path)
    if not isinstance(whole, dict) or not {"context", "benchmarks"} <= whole.keys():
        raise ResultsError(path, "context, benchmarks", "missing: not Google Benchmark's JSON",
                           _FOREIGN)
    context = _context(whole, path)
    rows, set_aside = {}, []
    for row in require(whole, "benchmarks", list, path):
        _sort_row(row, context, path, rows, set_aside)
    if not rows and not set_aside:
        raise ResultsError(path, "benchmarks", "holds no series",
                           "record again with a --benchmark_filter that matches")
    return Trial(context, [_median_row(repeats) for repeats in rows.values()], set_aside)


def _context(whole, path):
    context = require(whole, "context", dict, path)
    for field in IDENTITY:
        require(context, field, str, path, "context.", _FOREIGN)
    for field in ("doubts", "load_at_start", "cpu_quota"):
        if field in context:
            require(context, field, str, path, "context.")
    return context


def _sort_row(row, context, path, rows, set_aside):
    """Put one row of the file where it belongs: aggregates nowhere, the bad ones aside."""
    if not isinstance(row, dict):
        raise ResultsError(path, "benchmarks", "holds something that is not an object", _FOREIGN)
    if require(row, "run_type", str, path, "benchmarks.") == "aggregate":
        return
    series = parse_series(require(row, "name", str, path, "benchmarks."), path)
    if series.experiment != context["experiment"]:
        raise ResultsError(path, "benchmarks.name", f"'{series.name}' is not a series of "
                           f"experiment '{context['experiment']}'", RECORD_AGAIN)
    aside = _aside(row, series)
    if aside:
        set_aside.append(aside)
        return
    repeats = rows.setdefault(series.name, {})
    repetition = row.get("repetition_index", 0)
    if repetition in repeats:
        raise ResultsError(path, "benchmarks.name", f"'{series.name}' is there twice",
                           "register each series once and record the run again")
    repeats[repetition] = _good_row(row, series, path)


def _aside(row, series):
    """Return a SetAside for a row that its experiment marked as skipped or failed, else None."""
    if row.get("error_occurred"):
        message = one_line(row.get("error_message") or "no message")
        skipped = message.startswith("skipped:")
        reason = message.removeprefix("skipped:").strip()
        return SetAside(series, "skipped" if skipped else "failed", reason or "no reason given")
    if row.get("skipped"):
        message = one_line(row.get("skip_message") or "no reason given")
        return SetAside(series, "skipped", message.removeprefix("skipped:").strip())
    return None


def _good_row(row, series, path):
    """Return a flat dict: the parameters, seconds, bound and every counter of a usable row."""
    place = f"benchmarks[{series.name}]."
    scale = _UNITS.get(require(row, "time_unit", str, path, place))
    if scale is None:
        raise ResultsError(path, place + "time_unit", f"'{row['time_unit']}' is not ns, us, ms "
                           "or s", RECORD_AGAIN)
    for field in ("real_time", "units"):
        if field not in row:
            raise ResultsError(path, place + field, "is missing", RECORD_AGAIN)
    numbers = _numbers(row, path, place)
    for field in {"real_time", "units", "bound_s"} & numbers.keys():
        if numbers[field] <= 0:
            raise ResultsError(path, place + field, f"is {numbers[field]:g}, which nothing takes",
                               "find what was not measured and record the run again")
    flat = dict(_parameters(series, numbers, path))
    flat.update({key: value for key, value in numbers.items() if key not in _NOT_COUNTERS})
    flat.update(series=series, seconds=numbers["real_time"] * scale)
    flat["bound"] = one_line(row.get("label", "")) if "bound_s" in numbers else ""
    return flat


def _numbers(row, path, place):
    """Return the row's numeric fields as floats; each must be finite."""
    numbers = {}
    for field, value in row.items():
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if is_number or field == "real_time":
            numbers[field] = finite(value, path, place + field)
    return numbers


def _parameters(series, numbers, path):
    for name, value in series.parameters:
        if name in RESERVED or name in numbers:
            raise ResultsError(path, "benchmarks.name", f"parameter '{name}' of '{series.name}' "
                               "has the name of a column", "rename the parameter")
        yield name, value


def _median_row(repeats):
    """Return the rows of one series in one trial as one: the median of each number."""
    rows = list(repeats.values())
    median = dict(rows[0])
    for field, value in rows[0].items():
        if isinstance(value, float):
            median[field] = statistics.median(row.get(field, value) for row in rows)
    return median
