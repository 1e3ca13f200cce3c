"""The table of a class: CSV for a spreadsheet, HTML for the eye (one file, nothing from outside)."""

import csv
import html
import io
import statistics

from .formats.shown import bounded, one_line, points, printable
from .result import PASSING

_STYLE = """
body { font: 15px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: max-content; padding: 0 1em; color: #1b1b1b }
table { border-collapse: collapse } th, td { padding: .25em .6em; text-align: right; border-bottom: 1px solid #ddd }
th:first-child, td:first-child, td.words { text-align: left } thead th { vertical-align: bottom; font-weight: 600 }
thead .case { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; font-weight: 400 }
.passed { background: #e2f2e6 } .failed { background: #fbe3e0 } .inconclusive { background: #fdf3d3 }
.other { background: #f3d6ee } .none { color: #777 } .trouble { background: #fdf3d3; font-weight: 600 }
pre { white-space: pre-wrap; background: #f6f6f6; padding: .6em; margin: .3em 0 } summary { cursor: pointer }
tfoot td { font-style: italic; color: #555; white-space: nowrap } small { display: block; font-size: 75% }
td.words { min-width: 12em; max-width: 24em } td.words:empty { min-width: 0 }
"""


def as_csv(records):
    """Return a line per submission: score, problem, seconds, and each case's points and verdict.

    `records`: by name, None where there is none yet.
    """
    cases = _cases(records)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["submission", "score", "max_score", "state", "seconds", "sandbox",
                     *(column for case in cases for column in (f"{case.name}.points", f"{case.name}.verdict"))])
    for name, record in records.items():
        row = [_plain(name), *["", "", "not graded", "", ""]]
        results = {}
        if record:
            grade = record.grade
            row = [_plain(name), *_scores(record), _plain(_state(record)), f"{grade.seconds:.1f}", grade.sandbox]
            results = {case.name: case for case in grade.cases}
        for case in cases:
            result = results.get(case.name)
            row += [points(result.points), result.verdict] if result else ["", ""]
        writer.writerow(row)
    return out.getvalue()


def as_html(title, records):
    """Return the page: the table, who passes each case, and what each failed case said."""
    cases = _cases(records)
    heads = "".join(f'<th class="case" title="{_html(case.title)}">{_html(case.name)}</th>' for case in cases)
    rows = "".join(_row(name, record, cases) for name, record in records.items())
    details = "".join(_details(name, record) for name, record in records.items() if record)
    return (f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{_html(title)}: grades</title>'
            f"<style>{_STYLE}</style>\n<h1>{_html(title)}</h1>\n<p>{_html(_summary(records))}</p>\n"
            f"<table><thead><tr><th>submission<th>score<th>of<th>seconds<th>{heads}</tr></thead>\n<tbody>{rows}</tbody>"
            f"<tfoot>{_pass_rates(records, cases)}</tfoot></table>\n<h2>What the tests said</h2>\n{details}</html>\n")


def _cases(records):
    """All cases of all records, in the order of the lab."""
    cases = {}
    for record in records.values():
        for case in record.grade.cases if record else ():
            cases.setdefault(case.name, case)
    return list(cases.values())


def _scores(record):
    if record.grade.problem.startswith("internal error"):
        return "", ""  # no score: it is not a 0
    return points(record.grade.score), points(record.grade.max_score)


def _state(record):
    if record.trouble:
        return f"earlier score; {record.trouble}"
    return record.grade.problem or "graded"


def _plain(text):
    """`text` in one line, and never a formula: the names are the students' (CSV injection)."""
    text = one_line(text)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _html(text):
    return html.escape(printable(text))


def _summary(records):
    scores = [record.grade.score for record in records.values() if record and _scores(record)[0] != ""]
    words = f"{len(scores)} of {len(records)} submissions graded"
    if scores:
        words += f"; median {points(statistics.median(scores))}, from {points(min(scores))} to {points(max(scores))}"
    unsandboxed = any(record and "UNSANDBOXED" in record.grade.sandbox for record in records.values())
    return words + ("; UNSANDBOXED: graded without a sandbox" if unsandboxed else "")


def _row(name, record, cases):
    if record is None:
        return f'<tr><td>{_html(name)}<td colspan="{len(cases) + 4}" class="words none">not graded</tr>\n'
    results = {case.name: case for case in record.grade.cases}
    cells = "".join(_cell(results.get(case.name)) for case in cases)
    score, full = _scores(record)
    trouble = "" if record.is_final and not record.grade.problem else " trouble"
    return (f'<tr><td><a href="#{_html(name)}">{_html(name)}</a><td>{score}<td>{full}<td>{record.grade.seconds:.1f}'
            f'<td class="words{trouble}">{_html(_first_line(record)) if trouble else ""}{cells}</tr>\n')


def _first_line(record, most=100):
    words = one_line(_state(record).splitlines()[0])
    return words if len(words) <= most else f"{words[:most]}..."


def _cell(case):
    if case is None:
        return "<td>"
    kind = case.verdict if case.verdict in ("passed", "failed", "inconclusive") else "other"
    words = f"{case.title}: {case.verdict} ({case.seconds:.1f} s)"
    verdict = "" if kind in ("passed", "failed") else f"<small>{_html(case.verdict.replace('_', ' '))}</small>"
    return f'<td class="{kind}" title="{_html(words)}">{points(case.points)}{verdict}'


def _pass_rates(records, cases):
    graded = [record for record in records.values() if record and record.grade.cases]
    if not graded:
        return ""
    rates = []
    for case in cases:
        full = [one for record in graded for one in record.grade.cases if one.name == case.name and one.verdict in PASSING]
        rates.append(f"<td>{100 * len(full) // len(graded)} %")
    return f'<tr><td colspan="5">passed by{"".join(rates)}</tr>'


def _details(name, record):
    grade = record.grade
    said = [f"<p>{_html(_state(record))}</p>"] if record.trouble or grade.problem else []
    said += [f"<p><b>{_html(case.title)}</b> ({_html(case.name)}, {_html(case.tier)}{', hidden' if case.hidden else ''}): "
             f"{_html(case.verdict)}, {points(case.points)} of {points(case.max_points)}</p>"
             f"<pre>{html.escape(bounded(case.output))}</pre>"
             for case in grade.cases if case.verdict != "passed"]  # fmt: skip
    if record.trace:
        said.append(f"<pre>{html.escape(bounded(record.trace))}</pre>")
    # The anchor is inside: following a link to it opens the details around it.
    return (f'<details><summary>{_html(name)}</summary><div id="{_html(name)}">{"".join(said) or "<p>All passed.</p>"}</div>'
            f"</details>\n")
