"""What is measured for a sentence, or a question: which series, and which number of each trial.

    series   = "matrix/blocking/work:io/jobs:largest"    `largest` and `smallest`: of those recorded
    against  = "matrix/event_loop/work:io/jobs:largest"  then the measure is the ratio of the two
    value    = "seconds"            a column of the results, or several with + between (seconds)
    over     = "bound_s"            the value is divided by this column (of the same trial)
    wrong_if = "lost"               the measure is the share of the trials with a wrong answer: the
                                    series ended as failed, or this column ("" for none) is above 0

One series at two sizes is a growth: `jobs:largest` against `jobs:smallest`. Where both series say
`largest`, it is the largest that both of them have.
"""

from dataclasses import dataclass

from common.charts.errors import ResultsError
from common.charts.quantities import bytes_text, count_text, digits_text, time_text, times_text
from common.charts.series import Series, parse_series
from common.charts.toml_file import REMEDY, text_in

KEYS = {"series", "against", "value", "over", "wrong_if"}
SIZES = ("largest", "smallest")
RATIO, VALUE, WRONG = "a ratio", "a value", "a share of the trials"


@dataclass(frozen=True)
class Measure:
    """What to take from the results. against: the second Series of a ratio, else None. columns are
    added; over may be empty. wrong_if: a column, empty, or None where it is no share of wrongs."""

    series: Series
    against: Series
    columns: tuple
    over: str
    wrong_if: str

    @property
    def kind(self):
        """RATIO, VALUE or WRONG."""
        if self.wrong_if is not None:
            return WRONG
        return RATIO if self.against else VALUE

    @property
    def patterns(self):
        """The Series that are asked for: one or two; their values may be `largest`, `smallest`."""
        return (self.series, self.against) if self.against else (self.series,)

    @property
    def unit(self):
        """times, share, seconds, milliseconds, bytes or count: what the measured number is."""
        if self.kind == RATIO or self.over == "bound_s":
            return "times"
        if self.kind == WRONG or self.over:
            return "share"
        for ending, unit in (("seconds", "seconds"), ("_s", "seconds"), ("_ms", "milliseconds"),
                             ("_bytes", "bytes")):
            if self.columns[0].endswith(ending):
                return unit
        return "count"

    @property
    def quantity(self):
        """What of the series is measured, in words."""
        if self.kind == WRONG:
            return "trials with a wrong answer"
        words = " + ".join(self.columns)
        return f"{words} / {self.over}" if self.over else words

    @property
    def without(self):
        """What would be measured if there were no effect, where that is clear; else None."""
        return {RATIO: 1.0, WRONG: 0.0}.get(self.kind)

    def can_be(self, number):
        """Return whether the measure can come out as this number."""
        if self.kind == RATIO:
            return number > 0
        return 0 <= number and (self.kind != WRONG or number <= 1)

    def write(self, number):
        """Return a measured number as people read it."""
        return _WRITE[self.unit](number)

    def write_bound(self, number):
        """Return a number of a bound, which is exact: 3x and not 3.00x."""
        exact = {"times": f"{number:g}x", "share": f"{number * 100:g} %", "count": f"{number:g}"}
        return exact.get(self.unit) or self.write(number)


_WRITE = {
    "times": times_text,
    "share": lambda share: f"{digits_text(share * 100, 3 if share > 0.9 else 2)} %",
    "seconds": time_text,
    "milliseconds": lambda number: time_text(number / 1000),
    "bytes": bytes_text,
    "count": count_text,
}


def read_measure(table, path, place):
    """Return the Measure that a TOML table describes; ResultsError names the file and the field."""
    wrong_if = None
    if "wrong_if" in table:
        for key in ("against", "value", "over"):
            if key in table:
                raise ResultsError(path, place + key, "makes no sense beside wrong_if", REMEDY)
        wrong_if = table["wrong_if"]
        if not isinstance(wrong_if, str):
            raise ResultsError(path, place + "wrong_if", "must be a text", REMEDY)
    value = text_in(table, "value", path, place, "seconds")
    columns = tuple(part.strip() for part in value.split("+"))
    over = text_in(table, "over", path, place, "")
    for key, names in (("value", columns), ("over", (over or "_",)),
                       ("wrong_if", (wrong_if or "_",))):
        if not all(name.isidentifier() for name in names):
            raise ResultsError(path, place + key, f"'{table.get(key)}' is no column of the results",
                               REMEDY)
    series = _pattern(table, "series", path, place)
    against = _pattern(table, "against", path, place) if "against" in table else None
    if against and against.experiment != series.experiment:
        raise ResultsError(path, place + "against", "is a series of another experiment: only what "
                           "was recorded together can be compared", REMEDY)
    if against == series:
        raise ResultsError(path, place + "against", "is the same series", REMEDY)
    return Measure(series, against, columns, over, wrong_if)


def _pattern(table, key, path, place):
    name = text_in(table, key, path, place)
    try:
        return parse_series(name, path)
    except ResultsError:
        raise ResultsError(path, place + key, f"'{name}' is not experiment/model/parameter:value",
                           REMEDY) from None
