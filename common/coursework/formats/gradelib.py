"""For people, line by line as MIT's 6.828 gradelib prints it: `== Test X == X: OK (0.3s)`."""

import textwrap

from .shown import bounded, headline, points


def gradelib(grade):
    """Return the text: a line per case, what a failed one says below it, and `Score: n/m`."""
    lines = [textwrap.indent(line, "! ") for line in headline(grade)]
    for case in grade.cases:
        lines.append(f"== Test {case.name} == {case.title}: {_verdict(case)} ({case.seconds:.1f}s)")
        if case.output.strip():
            lines.append(textwrap.indent(bounded(case.output).rstrip(), "    "))
    lines.append(f"Score: {points(grade.score)}/{points(grade.max_score)}")
    return "\n".join(lines) + "\n"


def _verdict(case):
    if case.verdict == "passed":
        return "OK"
    if case.verdict == "inconclusive":
        return "OK, as inconclusive"
    return "FAIL" if case.verdict == "failed" else f"FAIL, {case.verdict.replace('_', ' ')}"
