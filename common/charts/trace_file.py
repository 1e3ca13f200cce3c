"""A trial's timeline: the Chrome trace that the harness wrote, read strictly."""

from dataclasses import dataclass

from common.charts.errors import ResultsError, one_line
from common.charts.json_file import RECORD_AGAIN, finite, read_json, require

RUNNING, READY, WAITING = STATES = ("running", "ready", "waiting")


@dataclass(frozen=True)
class Slice:
    """From begin to end (seconds since the series began) somebody was in `state`, on `core` (-1:
    none). what: who or what, where the lane's name doesn't say it; else the state again."""

    state: str
    what: str
    core: int
    begin: float
    end: float


def trace_path(run):
    """Return where the timeline of a Run lies, if it has one."""
    return run.folder / f"{run.experiment}.trace.json"


def trial_of_trace(run):
    """Return which trial (from 0) the timeline of a Run is of: the shortest, which the recorder
    keeps. ResultsError for a length that is no number."""
    return min(range(run.trials), key=lambda trial: finite(
        run.description["trials"][trial].get("seconds", 0.0), run.folder / "run.json",
        f"trials[{trial}].seconds"))


def read_trace(path):
    """Return {series name: {lane: [Slice]}}, lanes from top to bottom, slices by their begin.

    {} where there is no such file. ResultsError for one that can't be trusted.
    """
    if not path.exists():
        return {}
    whole = read_json(path)
    if not isinstance(whole, dict):
        raise ResultsError(path, "", "is not an object", RECORD_AGAIN)
    series, lanes, slices = {}, {}, {}
    for i, event in enumerate(require(whole, "traceEvents", list, path)):
        place = f"traceEvents[{i}]."
        if not isinstance(event, dict):
            raise ResultsError(path, place[:-1], "is not an object", RECORD_AGAIN)
        kind, process = (require(event, "ph", str, path, place),
                         require(event, "pid", int, path, place))
        thread = require(event, "tid", int, path, place)
        if kind == "M":
            name = require(require(event, "args", dict, path, place), "name", str, path,
                           place + "args.")
            names = series if event.get("name") == "process_name" else lanes
            names[process if names is series else (process, thread)] = one_line(name)
        elif kind == "X":
            slices.setdefault((process, thread), []).append(_slice(event, path, place))
    return _by_name(series, lanes, slices)


def _slice(event, path, place):
    state = require(event, "cat", str, path, place)
    if state not in STATES:
        raise ResultsError(path, place + "cat", f"'{state}' is not one of {', '.join(STATES)}",
                           RECORD_AGAIN)
    begin, length = (finite(event.get(field), path, place + field) / 1e6 for field in ("ts", "dur"))
    if begin < 0 or length < 0:
        raise ResultsError(path, place + "ts", "is before the beginning", RECORD_AGAIN)
    core = require(require(event, "args", dict, path, place), "core", int, path, place + "args.")
    return Slice(state, one_line(require(event, "name", str, path, place)), core, begin,
                 begin + length)


def _by_name(series, lanes, slices):
    found = {name: {} for _, name in sorted(series.items())}
    for (process, thread), name in sorted(lanes.items()):
        if process in series:
            own = sorted(slices.get((process, thread), []), key=lambda each: each.begin)
            found[series[process]][name] = own
    return {name: own for name, own in found.items() if any(own.values())}
