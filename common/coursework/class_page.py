"""The table of a class as a page: one file that needs nothing from outside."""

import html
import statistics
from pathlib import Path

from .class_table import cases_in, scores, state
from .formats.shown import bounded, one_line, points, printable
from .result import PASSING

_STYLE = Path(__file__).with_suffix(".css")


def as_html(title, records):
    """Return the page: the table, how many pass each case, and what each failed case said.

    `records`: by the submission's name, None where there is none yet.
    """
    cases = cases_in(records)
    heads = "".join(f'<th class="case" title="{_(case.title)}">{_(case.name)}' for case in cases)
    rows = "".join(_row(name, record, cases) for name, record in records.items())
    details = "".join(_details(name, record) for name, record in records.items() if record)
    head = f"<tr><th>submission<th>score<th>of<th>seconds<th>{heads}</tr>"
    foot = _pass_rates(records, cases)
    table = f"<thead>{head}</thead>\n<tbody>{rows}</tbody><tfoot>{foot}</tfoot>"
    style = _STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8">'
        f"<title>{_(title)}: grades</title><style>{style}</style>\n"
        f"<h1>{_(title)}</h1>\n<p>{_(_summary(records))}</p>\n<table>{table}</table>\n"
        f"<h2>What the tests said</h2>\n{details}</html>\n"
    )


def _(text):
    return html.escape(printable(text))


def _summary(records):
    known = [
        record.grade.score for record in records.values() if record and scores(record)[0] != ""
    ]
    words = f"{len(known)} of {len(records)} submissions graded"
    if known:
        low, median, high = map(points, (min(known), statistics.median(known), max(known)))
        words += f"; median {median}, from {low} to {high}"
    if any(record and "UNSANDBOXED" in record.grade.sandbox for record in records.values()):
        words += "; UNSANDBOXED: graded without a sandbox"
    return words


def _row(name, record, cases):
    if record is None:
        rest = f'<td colspan="{len(cases) + 4}" class="words none">not graded'
        return f"<tr><td>{_(name)}{rest}</tr>\n"
    results = {case.name: case for case in record.grade.cases}
    cells = "".join(_cell(results.get(case.name)) for case in cases)
    score, full = scores(record)
    words = '<td class="words">'
    if not record.is_final or record.grade.problem:
        words = f'<td class="words trouble">{_(_first_line(record))}'
    return (
        f'<tr><td><a href="#{_(name)}">{_(name)}</a><td>{score}<td>{full}'
        f"<td>{record.grade.seconds:.1f}{words}{cells}</tr>\n"
    )


def _first_line(record, most=100):
    words = one_line(state(record).splitlines()[0])
    return words if len(words) <= most else f"{words[:most]}..."


def _cell(case):
    if case is None:
        return "<td>"
    kind, verdict = case.verdict, ""
    if kind not in ("passed", "failed"):
        verdict = f"<small>{_(case.verdict.replace('_', ' '))}</small>"
        kind = "inconclusive" if kind == "inconclusive" else "other"
    words = f"{case.title}: {case.verdict} ({case.seconds:.1f} s)"
    return f'<td class="{kind}" title="{_(words)}">{points(case.points)}{verdict}'


def _pass_rates(records, cases):
    graded = [record.grade for record in records.values() if record and record.grade.cases]
    if not graded:
        return ""
    passed = [one.name for grade in graded for one in grade.cases if one.verdict in PASSING]
    rates = [f"<td>{100 * passed.count(case.name) // len(graded)} %" for case in cases]
    return f'<tr><td colspan="5">passed by{"".join(rates)}</tr>'


def _details(name, record):
    grade = record.grade
    said = [f"<p>{_(state(record))}</p>"] if record.trouble or grade.problem else []
    said += [_said(case) for case in grade.cases if case.verdict != "passed"]
    if record.trace:
        said.append(f"<pre>{html.escape(bounded(record.trace))}</pre>")
    # The anchor is inside: following a link to it opens the details around it.
    inside = f'<div id="{_(name)}">{"".join(said) or "<p>All passed.</p>"}</div>'
    return f"<details><summary>{_(name)}</summary>{inside}</details>\n"


def _said(case):
    what = f"{case.name}, {case.tier}{', hidden' if case.hidden else ''}"
    got = f"{case.verdict.replace('_', ' ')}, {points(case.points)} of {points(case.max_points)}"
    title = f"<p><b>{_(case.title)}</b> ({_(what)}): {_(got)}</p>"
    return f"{title}<pre>{html.escape(bounded(case.output))}</pre>"
