"""The table of a class as CSV, for a spreadsheet; class_page.py has it for the eye."""

import csv
import io

from .formats.shown import is_internal, one_line, points


def as_csv(records):
    """Return a line per submission: score, state, seconds, and each case's points and verdict.

    `records`: by the submission's name, None where there is none yet.
    """
    cases = cases_in(records)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = [f"{case.name}.{what}" for case in cases for what in ("points", "verdict")]
    writer.writerow(["submission", "score", "max_score", "state", "seconds", "sandbox", *columns])
    for name, record in records.items():
        writer.writerow([_plain(name), *_row(record, cases)])
    return out.getvalue()


def _row(record, cases):
    if record is None:
        return ["", "", "not graded", "", "", *[""] * (2 * len(cases))]
    grade = record.grade
    row = [*scores(record), _plain(state(record)), f"{grade.seconds:.1f}", grade.sandbox]
    results = {case.name: case for case in grade.cases}
    for case in cases:
        result = results.get(case.name)
        row += [points(result.points), result.verdict] if result else ["", ""]
    return row


def cases_in(records):
    """Return all cases of all records, in the order of the lab."""
    cases = {}
    for record in records.values():
        for case in record.grade.cases if record else ():
            cases.setdefault(case.name, case)
    return list(cases.values())


def scores(record):
    """Return (score, of how many); nothing where the grader broke: that is not a 0."""
    if is_internal(record.grade):
        return "", ""
    return points(record.grade.score), points(record.grade.max_score)


def state(record):
    """Return what is to be said of the submission as a whole."""
    if record.trouble:
        return f"earlier score; {record.trouble}"
    return record.grade.problem or "graded"


def _plain(text):
    """Return `text` in one line, and never a formula: the names are the students' own."""
    text = one_line(text)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
