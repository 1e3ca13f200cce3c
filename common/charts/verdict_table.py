"""The verdicts of a run on a terminal."""

from common.charts.baseline import family_note, judge_run
from common.charts.errors import one_line
from common.charts.quantities import interval_text, many_text, time_text, times_text
from common.charts.text_table import aligned

HEADER = ("model", "median", "95 % interval", "speed-up", "95 % interval", "verdict", "x bound",
          "bound")
LEFT = (0, 5, 7)  # the columns of words


def cells(judged):
    """Return the texts of one row of the table for a Judged."""
    speedup, low, high = judged.speedup
    return [
        one_line(judged.series.model),
        time_text(judged.median),
        interval_text(judged.low, judged.high, time_text),
        times_text(speedup),
        interval_text(low, high, times_text),
        judged.word,
        times_text(judged.bound_multiple),
        judged.bound,
    ]


def by_case(judged):
    """Return title -> list of Judged: a table per case, or, where no case has two models to
    compare, one table for all."""
    cases = {}
    for each in judged:
        cases.setdefault(case_text(each.series.case), []).append(each)
    if max(map(len, cases.values()), default=0) > 1:
        return cases
    return {"": judged}


def rows_of(group, title):
    """Return (header, rows of texts) of one table; in the table for all, a row is a case."""
    if title:
        return HEADER, [cells(each) for each in group]
    return ("series", *HEADER[1:3]), [
        [one_line(case_text(each.series.case)), *cells(each)[1:3]] for each in group
    ]


def case_text(case):
    """Return "work:io/jobs:64" as "work io, jobs 64"; text for the case without parameters."""
    return ", ".join(part.replace(":", " ", 1) for part in case.split("/")) if case else "all"


def aside_lines(run):
    """Return one line per series that was skipped or failed, with the reason."""
    return [f"{mark.kind}: {one_line(mark.series.name)} (in {many_text(count, 'trial')}): "
            f"{mark.reason}" for mark, count in run.set_aside]


def verdict_lines(run, margin):
    """Return the lines of the whole table of a Run: warnings first, reasons last."""
    judged = judge_run(run, margin)
    lines = [one_line(f"{run.experiment}: {run.context.get('title', 'no trial was recorded')}")]
    lines += [f"!! {one_line(warning)}" for warning in run.warnings]
    lines += [f"?? {one_line(doubt)}" for doubt in run.doubts]
    for title, group in by_case(judged).items() if judged else ():
        header, rows = rows_of(group, title)
        lines += ["", *([f"{run.experiment}: {one_line(title)}"] if title else [])]
        lines += [f"  {line}" for line in aligned(header, rows, LEFT)]
    lines += ["", family_note(run, judged, margin)] if judged else []
    return [*lines, *aside_lines(run), ""]
