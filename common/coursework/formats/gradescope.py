"""Gradescope: /autograder/results/results.json.

The fields are those of gradescope-autograders.readthedocs.io, "Autograder Specifications". Hidden
tests are `after_published`: students see them, and with them their total, once the grades are out.
"""

import json

from ..result import PASSING
from .shown import bounded, headline, is_internal, points


def gradescope(grade, previous=None):
    """Return the text of results.json.

    `previous`: the results of the student's last good submission, as submission_metadata.json
    keeps them. Where the grader broke, they stand, and the output says so.
    """
    if is_internal(grade) and previous:
        return _text(
            {
                **previous,
                "output": _output(grade, "Your earlier score stands."),
                "output_format": "text",
                "extra_data": _extra(grade),
            }
        )
    return _text(
        {
            "score": points(grade.score),
            "execution_time": points(grade.seconds),
            "output": _output(grade),
            "output_format": "text",
            "test_output_format": "text",
            "test_name_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "extra_data": _extra(grade),
            "tests": [_test(number, case) for number, case in enumerate(grade.cases, 1)],
            "leaderboard": [],
        }
    )


def _test(number, case):
    return {
        "score": points(case.points),
        "max_score": points(case.max_points),
        "status": "passed" if case.verdict in PASSING else "failed",
        "name": case.title,
        "name_format": "text",
        "number": str(number),
        "output": bounded(case.output) or case.verdict.replace("_", " "),
        "output_format": "text",
        "tags": [case.tier, case.verdict],
        "visibility": "after_published" if case.hidden else "visible",
        "extra_data": {"case": case.name, "seconds": points(case.seconds)},
    }


def _output(grade, *more):
    graded = [f"{grade.title}: {points(grade.score)} of {points(grade.max_score)} points"]
    return "\n".join([*headline(grade), *(more or graded)])


def _extra(grade):
    return {"lab": grade.lab, "sandbox": grade.sandbox, "problem": bounded(grade.problem)}


def _text(results):
    return json.dumps(results, indent=1, allow_nan=False) + "\n"
