"""GitHub Classroom: the `result` of a grading step, as autograding-grading-reporter reads it.

Base64 of the JSON that classroom-resources/autograding-command-grader makes, with a test for each
case instead of one for all: `echo "result=$(...)" >> $GITHUB_OUTPUT`, and the reporter's
`<ID>_RESULTS` takes it. All of it is in the student's own repository: public tests only.
"""

import base64
import json

from ..result import PASSING
from .shown import bounded, headline, is_internal, points, without_hidden_words


def github_classroom(grade):
    """Return one line of base64. Where the grader broke, max_score is 0: no points are reported."""
    broken = is_internal(grade)
    cases = without_hidden_words(grade.cases)
    result = {
        "version": 1,
        "status": "error"
        if broken or not cases
        else _status(all(case.verdict in PASSING for case in cases)),
        "max_score": 0 if broken else points(grade.max_score),
        "tests": [_test(case, headline(grade)) for case in cases] or [_problem(grade)],
    }
    text = json.dumps(result, allow_nan=False)
    return base64.b64encode(text.encode()).decode() + "\n"


def _test(case, lines):
    return {
        "name": case.title,
        "status": _status(case.verdict in PASSING),
        "score": points(case.points),
        "message": "\n".join([*lines, bounded(case.output)]),
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "duration": round(case.seconds * 1000),
    }


def _problem(grade):
    return {
        "name": grade.title,
        "status": "error",
        "score": 0,
        "message": "\n".join(headline(grade)),
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "duration": 0,
    }


def _status(full):
    return "pass" if full else "fail"
