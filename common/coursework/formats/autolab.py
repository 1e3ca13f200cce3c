"""Autolab: text for the student, then the autoresult as the last line of standard output.

docs.autolabproject.com, "Guide for Lab Authors". The problems are the tiers (works, robust, fast),
so the assessment needs a problem of each of these names; the scoreboard's one column is the total.
"""

import json
from dataclasses import replace

from .gradelib import gradelib
from .shown import is_internal, points, without_hidden_words


def autolab(grade):
    """Return what the autograder prints.

    Where the grader broke there is no score in it: Autolab then leaves the scores that it has.
    """
    shown = replace(grade, cases=without_hidden_words(grade.cases))
    autoresult = {"scores": {}} if is_internal(grade) else _autoresult(grade)
    return gradelib(shown) + json.dumps(autoresult, allow_nan=False) + "\n"


def _autoresult(grade):
    scores = {}
    for case in grade.cases:
        scores[case.tier] = scores.get(case.tier, 0) + case.points
    scores = {tier: points(score) for tier, score in scores.items()}
    return {"scores": scores, "scoreboard": [points(grade.score)]}
