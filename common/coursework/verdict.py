"""One case's verdict out of a grade's JSON: what a grading step of GitHub Classroom runs.

    python3 -m coursework.verdict GRADE.json CASE

Prints what the case says. Exit codes: 0 passed, 1 not, 2 no such grade or case.
"""

import sys
from pathlib import Path

from .formats.shown import bounded, headline, points
from .result import PASSING, Grade


def main(arguments):
    """Do what the command line says; return the exit code."""
    try:
        file, name = arguments
        grade = Grade.from_json(Path(file).read_text(encoding="utf-8"))
        (case,) = [each for each in grade.cases if each.name == name]
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"verdict: GRADE.json and CASE wanted, got {arguments}: {error}", file=sys.stderr)
        return 2
    lines = [
        *headline(grade),
        f"{case.title}: {case.verdict}, {points(case.points)} of {points(case.max_points)} points",
    ]
    print("\n".join([*lines, *([bounded(case.output)] if case.output else [])]))
    return int(case.verdict not in PASSING)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
