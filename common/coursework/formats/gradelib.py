"""For people, as MIT's gradelib prints it: `== Test X == X: OK (0.3s)`, then `Score: n/m`."""

import textwrap

from .shown import bounded, headline, one_line, points


def gradelib(grade):
    """Return the text: a line per case, below it what it says, and the score as the last line."""
    lines = [textwrap.indent(line, "! ") for line in headline(grade)]
    for case in grade.cases:
        lines.append(f"== Test {case.name} == {case.name}: {_verdict(case)} ({case.seconds:.1f}s)")
        if case.verdict not in ("passed", "not_run"):
            lines.append(f"    {one_line(case.title)} ({points(case.max_points)} points)")
        if case.output.strip():
            lines.append(textwrap.indent(bounded(case.output).rstrip(), "    "))
    lines.append(f"Score: {points(grade.score)}/{points(grade.max_score)}")
    return "\n".join(lines) + "\n"


def _verdict(case):
    if case.verdict == "passed":
        return "OK"
    if case.verdict == "inconclusive":
        return "OK, inconclusive: in your favour"
    return "FAIL" if case.verdict == "failed" else f"FAIL, {case.verdict.replace('_', ' ')}"
