"""Series names, `experiment/model/parameter:value/...`, and the order of the models everywhere."""

import re
from dataclasses import dataclass

from common.charts.errors import ResultsError

# The vocabulary, in the order of every table and legend. Models that are not in it come after.
MODELS = (
    "blocking",
    "threads",
    "thread_pool",
    "tbb",
    "processes",
    "process_pool",
    "event_loop",
    "coroutines",
    "io_uring",
    "event_loop_pool",
)

# Steps on the way to what the vocabulary names, in their own order; they come before it.
STEPS = ("deque", "fifo", "blocking_wait", "timers", "sockets")

# What Google Benchmark itself appends to a name, depending on how the series was registered.
_APPENDED = re.compile(
    r"manual_time|real_time|process_time|(iterations|repeats|threads|min_time|min_warmup_time):.*"
)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_PARAMETER = re.compile(r"([A-Za-z_]\w*):(.+)")


@dataclass(frozen=True)
class Series:
    """One line of a chart: a model at one set of parameters, e.g. matrix/event_loop/work:io."""

    experiment: str
    model: str
    parameters: tuple  # of (name, value) pairs of strings, in the order of the name

    @property
    def case(self):
        """The parameters alone, `work:io/jobs:64`: models are compared within a case."""
        return "/".join(f"{name}:{value}" for name, value in self.parameters)

    @property
    def name(self):
        """The whole name without what Google Benchmark appended: the same in every run."""
        return "/".join(part for part in (self.experiment, self.model, self.case) if part)


def parse_series(name, path):
    """Return the Series that `name` stands for; `path` is named in the ResultsError if none."""
    experiment, *rest = str(name).split("/")
    while len(rest) > 1 and _APPENDED.fullmatch(rest[-1]):
        rest.pop()
    if not experiment or not rest or not rest[0]:
        raise _bad_name(path, name, "is not experiment/model/parameter:value")
    pairs = tuple(_parameter(part, name, path) for part in rest[1:])
    if len({key for key, _ in pairs}) < len(pairs):
        raise _bad_name(path, name, "has a parameter twice")
    return Series(experiment, rest[0], pairs)


def _parameter(part, name, path):
    match = _PARAMETER.fullmatch(part)
    if not match:
        raise _bad_name(path, name, f"has '{part}' where parameter:value belongs")
    return match.group(1), match.group(2)


def _bad_name(path, name, problem):
    return ResultsError(path, "benchmarks.name", f"'{name}' {problem}",
                        "register the series by that rule and record the run again")


def number_or_text(value):
    """Return the text "64" as 64, "0.5" as 0.5, and anything else as it is."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return value
    return int(value) if value.lstrip("-").isdigit() else float(value)


def model_rank(model):
    """Return a sort key: steps and the vocabulary in their order, strangers after them by name."""
    if model in STEPS:
        return (STEPS.index(model) - len(STEPS), "")
    return (MODELS.index(model), "") if model in MODELS else (len(MODELS), model)


def value_rank(value):
    """Return a sort key for parameter values: numbers by size, then text by name."""
    value = number_or_text(value)
    return (1, 0, value) if isinstance(value, str) else (0, value, "")


def series_rank(series):
    """Return a sort key: by parameters first, so that the models of one case stand together."""
    case = tuple((name, value_rank(value)) for name, value in series.parameters)
    return case, model_rank(series.model), series.experiment
